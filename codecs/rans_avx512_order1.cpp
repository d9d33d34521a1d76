// Order-1 rANS kernels for AVX-512 with VBMI2.
//
// Read me first: rans_avx512.h says how lanes lie in registers. Every lane walks a segment of its
// own, so a step's symbols lie far apart in memory. They are read and written in tiles of 64 steps,
// transposed on the way: a row of a tile holds four steps of 16 lanes, one lane per 32-bit element.
// The tables depend on a context per lane and are too large for registers, so they are read lane by
// lane; the chains of several groups hide the latency.
#include <immintrin.h>

#include <cstring>

#include "codecs/rans_avx512.h"
#include "codecs/rans_kernels_x86.h"

namespace evalzip {
namespace avx512 {
namespace {

constexpr std::size_t kTileSteps = 64;
constexpr int kRows = 16;

// table[index] in 4 and 16 lanes: by scalar loads, which on Zen 5 take two thirds of the time of a
// gather. Going through registers is faster than storing the indices and loading them one by one.
inline __m128i look_up(const std::uint32_t* table, __m128i index) {
  const auto low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(index));
  const auto high = static_cast<std::uint64_t>(_mm_extract_epi64(index, 1));
  __m128i entries = _mm_cvtsi32_si128(static_cast<int>(table[low & 0xffffffff]));
  entries = _mm_insert_epi32(entries, static_cast<int>(table[low >> 32]), 1);
  entries = _mm_insert_epi32(entries, static_cast<int>(table[high & 0xffffffff]), 2);
  return _mm_insert_epi32(entries, static_cast<int>(table[high >> 32]), 3);
}

inline __m512i look_up(const std::uint32_t* table, __m512i index) {
  const __m128i first = look_up(table, _mm512_castsi512_si128(index));
  const __m128i second = look_up(table, _mm512_extracti32x4_epi32(index, 1));
  const __m128i third = look_up(table, _mm512_extracti32x4_epi32(index, 2));
  const __m128i fourth = look_up(table, _mm512_extracti32x4_epi32(index, 3));
  const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
  const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(third), fourth, 1);
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

// Transposes 16 rows of 16 32-bit elements: first within 128-bit quarters, then the quarters.
void transpose(__m512i (&rows)[kRows]) {
  __m512i pairs[kRows];
  for (int i = 0; i < kRows; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  __m512i fours[kRows];  // fours[4 b + c], quarter q: column 4 q + c of rows 4 b to 4 b + 3
  for (int i = 0; i < kRows; i += 4) {
    fours[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
    fours[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
    fours[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    fours[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
  for (int c = 0; c < 4; ++c) {
    const __m512i low02 = _mm512_shuffle_i32x4(fours[c], fours[4 + c], 0x88);
    const __m512i low13 = _mm512_shuffle_i32x4(fours[c], fours[4 + c], 0xdd);
    const __m512i high02 = _mm512_shuffle_i32x4(fours[8 + c], fours[12 + c], 0x88);
    const __m512i high13 = _mm512_shuffle_i32x4(fours[8 + c], fours[12 + c], 0xdd);
    rows[c] = _mm512_shuffle_i32x4(low02, high02, 0x88);
    rows[4 + c] = _mm512_shuffle_i32x4(low13, high13, 0x88);
    rows[8 + c] = _mm512_shuffle_i32x4(low02, high02, 0xdd);
    rows[12 + c] = _mm512_shuffle_i32x4(low13, high13, 0xdd);
  }
}

// 64 steps of a group: rows[q] holds steps 4 q to 4 q + 3 of each lane.
struct Tile {
  Group rows[kRows];
};

void load_tile(const std::uint8_t* first, std::size_t segment, Tile& tile) {
  __m512i even[kRows];
  __m512i odd[kRows];
  for (std::size_t i = 0; i < kRows; ++i) {
    even[i] = _mm512_loadu_si512(first + 2 * i * segment);
    odd[i] = _mm512_loadu_si512(first + (2 * i + 1) * segment);
  }
  transpose(even);
  transpose(odd);
  for (int q = 0; q < kRows; ++q) tile.rows[q] = {even[q], odd[q]};
}

void store_tile(const Tile& tile, std::size_t segment, std::uint8_t* first) {
  __m512i even[kRows];
  __m512i odd[kRows];
  for (int q = 0; q < kRows; ++q) {
    even[q] = tile.rows[q].even;
    odd[q] = tile.rows[q].odd;
  }
  transpose(even);
  transpose(odd);
  for (std::size_t i = 0; i < kRows; ++i) {
    _mm512_storeu_si512(first + 2 * i * segment, even[i]);
    _mm512_storeu_si512(first + (2 * i + 1) * segment, odd[i]);
  }
}

// ---- encoding

// The four bytes before a tile's first in every lane, none before a segment's first.
Group row_before(const std::uint8_t* first, std::size_t segment, bool at_start) {
  alignas(64) std::uint32_t rows[2][16] = {};
  for (std::size_t lane = 0; lane < 32 && !at_start; ++lane) {
    std::memcpy(&rows[lane % 2][lane / 2], first + lane * segment - 4, 4);
  }
  return {_mm512_load_si512(rows[0]), _mm512_load_si512(rows[1])};
}

// Context and symbol of the kStep-th of four steps, as the index context | symbol << 8.
template <int kStep>
__m512i pair_index(__m512i row, __m512i before) {
  const __m512i mask = _mm512_set1_epi32(0xffff);
  if constexpr (kStep == 3) return _mm512_srli_epi32(row, 16);
  if constexpr (kStep != 0) return _mm512_and_si512(_mm512_srli_epi32(row, 8 * kStep - 8), mask);
  const __m512i joined = _mm512_or_si512(_mm512_slli_epi32(row, 8), _mm512_srli_epi32(before, 24));
  return _mm512_and_si512(joined, mask);
}

// pair_at() of 16 pairs.
inline __m512i pairs_at(__m512i pair) {
  return _mm512_add_epi32(pair,
                          _mm512_and_si512(_mm512_srli_epi32(pair, 4), _mm512_set1_epi32(0xff0)));
}

// The packed intervals of the kStep-th symbols of a row.
template <int kStep>
Group find_intervals(const std::uint32_t* intervals, const Group& row, const Group& before) {
  return {look_up(intervals, pairs_at(pair_index<kStep>(row.even, before.even))),
          look_up(intervals, pairs_at(pair_index<kStep>(row.odd, before.odd)))};
}

inline void push_intervals(Group& group, const Pusher& pusher, const Group& intervals,
                           std::uint8_t*& words) {
  pusher.push(group, {odd_words(intervals.even), odd_words(intervals.odd)},
              {even_words(intervals.even), even_words(intervals.odd)},
              low_words(intervals.even, intervals.odd), words);
}

template <int kGroups>
std::uint8_t* encode1_groups(const RansEncode1& job) {
  const std::size_t rest = job.segment % kTileSteps;
  RansEncode1 tail = job;
  tail.first_step = job.segment - rest;
  std::uint8_t* words = portable_rans_kernels().encode1(tail);
  const Pusher pusher(job.model.bits());
  const std::uint32_t* const intervals = job.model.intervals();
  Group groups[kGroups];
  for (int g = 0; g < kGroups; ++g) groups[g] = load_group(job.states.data() + 32 * g);
  Tile tiles[kGroups];
  Group before[kGroups];
  const auto push_row = [&](int q) __attribute__((always_inline)) {
    unrolled<4>([&](auto step_before_last) __attribute__((always_inline)) {
      unrolled<kGroups>([&](auto group_before_last) __attribute__((always_inline)) {
        constexpr int kStep = 3 - step_before_last();
        constexpr int kGroup = kGroups - 1 - group_before_last();
        const Tile& tile = tiles[kGroup];
        push_intervals(groups[kGroup], pusher,
                       find_intervals<kStep>(intervals, tile.rows[q],
                                             q == 0 ? before[kGroup] : tile.rows[q - 1]),
                       words);
      });
    });
  };
  for (std::size_t step = tail.first_step; step > 0; step -= kTileSteps) {
    for (int g = 0; g < kGroups; ++g) {
      const std::uint8_t* first = job.input + 32 * g * job.segment + (step - kTileSteps);
      load_tile(first, job.segment, tiles[g]);
      before[g] = row_before(first, job.segment, step == kTileSteps);
    }
    for (int q = kRows; q-- > 0;) push_row(q);
  }
  for (int g = 0; g < kGroups; ++g) store_group(groups[g], job.states.data() + 32 * g);
  return words;
}

std::uint8_t* encode1(const RansEncode1& job) {
  if (job.lanes == 4) return portable_rans_kernels().encode1(job);
  if (job.lanes == 32) return encode1_groups<1>(job);
  return job.lanes == 64 ? encode1_groups<2>(job) : encode1_groups<4>(job);
}

// ---- decoding

struct PairPopper {
  explicit PairPopper(const PairSlots& model)
      : slots(model.slots()),
        bits(_mm_cvtsi32_si128(model.bits())),
        to_context(_mm_cvtsi32_si128(24 - model.bits())),
        slot_mask(_mm512_set1_epi32((1 << model.bits()) - 1)) {}

  // The packed slot of x under the symbol of the packed slot before.
  __m512i find(__m512i x, __m512i before) const {
    return look_up(slots, _mm512_ternarylogic_epi32(slot_mask, x,
                                                    _mm512_srl_epi32(before, to_context), kSelect));
  }

  __m512i pop(__m512i x, __m512i slot) const {
    const __m512i field = _mm512_set1_epi32(PairSlot::kField);
    const __m512i width = _mm512_and_si512(slot, field);
    const __m512i place = _mm512_and_si512(_mm512_srli_epi32(slot, 12), field);
    return _mm512_add_epi32(_mm512_mullo_epi32(_mm512_srl_epi32(x, bits), width), place);
  }

  // Moves a row down by one symbol and the symbol of a slot into its top byte.
  static __m512i append(__m512i row, __m512i slot) {
    return _mm512_ternarylogic_epi32(_mm512_set1_epi32(static_cast<int>(0xff000000)), slot,
                                     _mm512_srli_epi32(row, 8), kSelect);
  }

  static constexpr int kSelect =
      0xca;  // a bit of the second where the first's is set, or the third
  const std::uint32_t* slots;
  __m128i bits, to_context;
  __m512i slot_mask;
};

// A step. All its look-ups come before all that waits for them, because a processor sees no further
// ahead than the instructions of two groups.
template <int kGroups>
__attribute__((always_inline)) inline void pop_step(const PairPopper& popper, Group* groups,
                                                    Group* slots, Group* rows,
                                                    const std::uint8_t*& words) {
  unrolled<kGroups>([&](int g) __attribute__((always_inline)) {
    slots[g].even = popper.find(groups[g].even, slots[g].even);
    slots[g].odd = popper.find(groups[g].odd, slots[g].odd);
  });
  unrolled<kGroups>([&](int g) __attribute__((always_inline)) {
    groups[g].even = popper.pop(groups[g].even, slots[g].even);
    groups[g].odd = popper.pop(groups[g].odd, slots[g].odd);
    refill(groups[g], words);
    rows[g].even = PairPopper::append(rows[g].even, slots[g].even);
    rows[g].odd = PairPopper::append(rows[g].odd, slots[g].odd);
  });
}

// The first `rows` rows of a tile, that is 4 * rows steps.
void store_rows(const Tile& tile, int rows, std::size_t segment, std::uint8_t* first) {
  if (rows == kRows) return store_tile(tile, segment, first);
  for (int q = 0; q < rows; ++q) {
    alignas(64) std::uint32_t fours[2][16];
    _mm512_store_si512(fours[0], tile.rows[q].even);
    _mm512_store_si512(fours[1], tile.rows[q].odd);
    for (std::size_t lane = 0; lane < 32; ++lane) {
      std::memcpy(first + lane * segment + 4 * q, &fours[lane % 2][lane / 2], 4);
    }
  }
}

template <int kGroups>
std::size_t decode1_groups(RansDecode1& job) {
  const PairPopper popper(job.model);
  Group groups[kGroups];
  for (int g = 0; g < kGroups; ++g) groups[g] = load_group(job.states.data() + 32 * g);
  Group slots[kGroups] = {};
  Tile tiles[kGroups];
  const std::uint8_t* words = job.words;
  constexpr std::ptrdiff_t kMostRead = 4 * 64 * kGroups;  // in four steps
  std::size_t step = 0;
  int rows = kRows;
  while (rows == kRows && step < job.segment) {
    for (rows = 0; rows < kRows; ++rows) {
      if (job.segment - step < 4 * (rows + 1u) || job.words_end - words < kMostRead) break;
      Group row[kGroups] = {};
      for (int i = 0; i < 4; ++i) pop_step<kGroups>(popper, groups, slots, row, words);
      for (int g = 0; g < kGroups; ++g) tiles[g].rows[rows] = row[g];
    }
    for (int g = 0; g < kGroups; ++g) {
      store_rows(tiles[g], rows, job.segment, job.output + 32 * g * job.segment + step);
    }
    step += 4 * static_cast<std::size_t>(rows);
  }
  for (int g = 0; g < kGroups; ++g) store_group(groups[g], job.states.data() + 32 * g);
  job.words = words;
  return step;
}

std::size_t decode1(RansDecode1& job) {
  if (job.lanes == 4) return portable_rans_kernels().decode1(job);
  if (job.lanes == 32) return decode1_groups<1>(job);
  return job.lanes == 64 ? decode1_groups<2>(job) : decode1_groups<4>(job);
}

}  // namespace
}  // namespace avx512

void choose_avx512_order1(RansKernels& kernels) {
  kernels.encode1 = avx512::encode1;
  kernels.decode1 = avx512::decode1;
}

}  // namespace evalzip
