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
namespace {

using namespace avx512;

constexpr std::size_t kTileSteps = 64;
constexpr int kRows = 16;

// table[index] in 16 lanes: by scalar loads, which on Zen 5 take half the time of a gather.
inline __m512i look_up(const std::uint32_t* table, __m512i index) {
  alignas(64) std::uint32_t at[16];
  _mm512_store_si512(at, index);
  const auto four = [&](int i) {
    __m128i entries = _mm_cvtsi32_si128(static_cast<int>(table[at[i]]));
    entries = _mm_insert_epi32(entries, static_cast<int>(table[at[i + 1]]), 1);
    entries = _mm_insert_epi32(entries, static_cast<int>(table[at[i + 2]]), 2);
    return _mm_insert_epi32(entries, static_cast<int>(table[at[i + 3]]), 3);
  };
  const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(four(0)), four(4), 1);
  const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(four(8)), four(12), 1);
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

template <int kStep>
void push_step(Group& group, const Pusher& pusher, const std::uint32_t* intervals, const Group& row,
               const Group& before, std::uint8_t*& words) {
  const __m512i even = look_up(intervals, pairs_at(pair_index<kStep>(row.even, before.even)));
  const __m512i odd = look_up(intervals, pairs_at(pair_index<kStep>(row.odd, before.odd)));
  pusher.push(group, {odd_words(even), odd_words(odd)}, {even_words(even), even_words(odd)},
              low_words(even, odd), words);
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
  for (std::size_t step = tail.first_step; step > 0; step -= kTileSteps) {
    Group before[kGroups];
    for (int g = 0; g < kGroups; ++g) {
      const std::uint8_t* first = job.input + 32 * g * job.segment + (step - kTileSteps);
      load_tile(first, job.segment, tiles[g]);
      before[g] = row_before(first, job.segment, step == kTileSteps);
    }
    for (int q = kRows; q-- > 0;) {
      const auto each = [&](auto push) {
        for (int g = kGroups; g-- > 0;) {
          push(groups[g], pusher, intervals, tiles[g].rows[q],
               q == 0 ? before[g] : tiles[g].rows[q - 1], words);
        }
      };
      each(push_step<3>);
      each(push_step<2>);
      each(push_step<1>);
      each(push_step<0>);
    }
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
        slot_mask(_mm512_set1_epi32((1 << model.bits()) - 1)) {}

  // Replaces a context by the symbol that follows it.
  __m512i pop(__m512i x, __m512i& context) const {
    const __m512i at =
        _mm512_or_si512(_mm512_sll_epi32(context, bits), _mm512_and_si512(x, slot_mask));
    const __m512i slot = look_up(slots, at);
    const __m512i field = _mm512_set1_epi32(PairSlot::kField);
    const __m512i width = _mm512_and_si512(slot, field);
    const __m512i place = _mm512_and_si512(_mm512_srli_epi32(slot, 12), field);
    context = _mm512_srli_epi32(slot, 24);
    return _mm512_add_epi32(_mm512_mullo_epi32(_mm512_srl_epi32(x, bits), width), place);
  }

  const std::uint32_t* slots;
  __m128i bits;
  __m512i slot_mask;
};

// Four steps, whose symbols fill a row from its lowest byte on.
template <int kGroups>
void pop_four(const PairPopper& popper, Group* groups, Group* contexts, Group* rows,
              const std::uint8_t*& words) {
  for (int i = 0; i < 4; ++i) {
    for (int g = 0; g < kGroups; ++g) {
      groups[g].even = popper.pop(groups[g].even, contexts[g].even);
      groups[g].odd = popper.pop(groups[g].odd, contexts[g].odd);
      refill(groups[g], words);
      rows[g].even = _mm512_or_si512(rows[g].even, _mm512_slli_epi32(contexts[g].even, 8 * i));
      rows[g].odd = _mm512_or_si512(rows[g].odd, _mm512_slli_epi32(contexts[g].odd, 8 * i));
    }
  }
}

template <int kGroups>
std::size_t decode1_groups(RansDecode1& job) {
  const PairPopper popper(job.model);
  Group groups[kGroups];
  for (int g = 0; g < kGroups; ++g) groups[g] = load_group(job.states.data() + 32 * g);
  Group contexts[kGroups] = {};
  Tile tiles[kGroups];
  const std::uint8_t* words = job.words;
  constexpr std::ptrdiff_t kMostRead = kTileSteps * 64 * kGroups;
  std::size_t step = 0;
  while (step + kTileSteps <= job.segment && job.words_end - words >= kMostRead) {
    for (int q = 0; q < kRows; ++q) {
      Group rows[kGroups] = {};
      pop_four<kGroups>(popper, groups, contexts, rows, words);
      for (int g = 0; g < kGroups; ++g) tiles[g].rows[q] = rows[g];
    }
    for (int g = 0; g < kGroups; ++g) {
      store_tile(tiles[g], job.segment, job.output + 32 * g * job.segment + step);
    }
    step += kTileSteps;
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

void choose_avx512_order1(RansKernels& kernels) {
  kernels.encode1 = encode1;
  kernels.decode1 = decode1;
}

}  // namespace evalzip
