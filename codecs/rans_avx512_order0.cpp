// Order-0 rANS kernels for AVX-512 with VBMI2. No gather where tables in registers serve.
//
// Read me first:
// - 32 lanes are a group: two registers of 32-bit states, `even` with lanes 0, 2, 4, ... and `odd`
//   with lanes 1, 3, 5, ... So 16-bit values of all 32 lanes in natural order are one register too,
//   and going between the two takes an AND or a shift, not a shuffle. Words come from and go to the
//   stream in lane order with one VPEXPANDW or VPCOMPRESSW.
// - 64 and 128 lanes are two and four groups, whose chains of dependent instructions (some 70
// cycles
//   a step) run side by side.
// - A table of up to 256 16-bit entries lies in 8 registers; VPERMI2W looks 32 lanes up in 64
//   entries at once. Gathering 32 lanes costs as much as fifty of these (Zen 5: 25 cycles against
//   half of one).
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "codecs/rans_avx512.h"
#include "codecs/rans_kernels_x86.h"

namespace evalzip {
namespace avx512 {
namespace {

// 16-bit table of kPairs * 64 entries, kPairs 1 to 4. Indices must be below that.
template <int kPairs>
struct WordTable {
  __m512i parts[2 * kPairs];

  explicit WordTable(const std::uint16_t* entries) {
    for (int i = 0; i < 2 * kPairs; ++i) parts[i] = _mm512_loadu_si512(entries + 32 * i);
  }

  __m512i pair(int i, __m512i index) const {
    return _mm512_permutex2var_epi16(parts[2 * i], index, parts[2 * i + 1]);
  }

  __m512i operator[](__m512i index) const {
    if constexpr (kPairs == 1) return pair(0, index);
    const __mmask32 bit6 = _mm512_test_epi16_mask(index, _mm512_set1_epi16(64));
    const __m512i first = _mm512_mask_blend_epi16(bit6, pair(0, index), pair(1, index));
    if constexpr (kPairs <= 2) return first;
    const __mmask32 bit7 = _mm512_test_epi16_mask(index, _mm512_set1_epi16(128));
    if constexpr (kPairs == 3) return _mm512_mask_blend_epi16(bit7, first, pair(2, index));
    const __m512i second =
        _mm512_mask_blend_epi16(bit6, pair(kPairs - 2, index), pair(kPairs - 1, index));
    return _mm512_mask_blend_epi16(bit7, first, second);
  }
};

// 8-bit table of kPairs * 64 entries.
template <int kPairs>
struct ByteTable {
  __m512i parts[kPairs];

  explicit ByteTable(const std::uint8_t* entries) {
    for (int i = 0; i < kPairs; ++i) parts[i] = _mm512_loadu_si512(entries + 64 * i);
  }

  __m512i operator[](__m512i index) const {
    if constexpr (kPairs == 1) return _mm512_permutexvar_epi8(index, parts[0]);
    const __m512i first = _mm512_permutex2var_epi8(parts[0], index, parts[kPairs > 1]);
    if constexpr (kPairs <= 2) return first;
    const __m512i second = _mm512_permutex2var_epi8(parts[kPairs - 2], index, parts[kPairs - 1]);
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), first, second);
  }
};

// ---- encoding

template <int kGroups, int kRankPairs>
std::uint8_t* encode0_groups(const RansEncode0& job) {
  const RankedModel& model = job.model;
  const ByteTable<4> ranks(model.rank.data());
  const WordTable<kRankPairs> lows(model.low.data());
  const WordTable<kRankPairs> widths(model.width.data());
  const Pusher pusher(model.bits);
  Group groups[kGroups];
  for (int g = 0; g < kGroups; ++g) groups[g] = load_group(job.states.data() + 32 * g);
  std::uint8_t* words = job.words;
  for (std::size_t step = job.steps; step-- > 0;) {
    unrolled<kGroups>([&](int i) __attribute__((always_inline)) {
      const int g = kGroups - 1 - i;
      const std::uint8_t* const symbols = job.input + (step * kGroups + g) * 32;
      const __m512i symbol =
          _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(symbols)));
      const __m512i rank = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(ranks[symbol]));
      const __m512i width = widths[rank];
      pusher.push(groups[g], widen(lows[rank]), widen(width), width, words);
    });
  }
  for (int g = 0; g < kGroups; ++g) store_group(groups[g], job.states.data() + 32 * g);
  return words;
}

template <int kGroups>
std::uint8_t* encode0_lanes(const RansEncode0& job) {
  if (job.model.size <= 64) return encode0_groups<kGroups, 1>(job);
  if (job.model.size <= 128) return encode0_groups<kGroups, 2>(job);
  return encode0_groups<kGroups, 4>(job);
}

std::uint8_t* encode0(const RansEncode0& job) {
  if (job.lanes == 4) return portable_rans_kernels().encode0(job);
  if (job.lanes == 32) return encode0_lanes<1>(job);
  return job.lanes == 64 ? encode0_lanes<2>(job) : encode0_lanes<4>(job);
}

// ---- decoding

// From slot to rank in two short tables. The slots are cut into 64 coarse buckets, each of these
// into fine ones of a size of its own, such that at most one rank ends before the end of a fine
// bucket. An entry is rank << low_bits | (last of the coarse bucket - last slot of that rank), so
// adding the slot's place in its coarse bucket carries into the rank exactly if the slot is past
// it. Rising frequencies keep ranks of like size together, which keeps the fine buckets few.
struct SlotIndex {
  static constexpr int kMostFine = 256;

  explicit SlotIndex(const RankedModel& model)
      : low_bits(model.bits - 6), coarse_size(1 << low_bits) {
    int rank = 0;
    for (int coarse = 0; coarse < 64 && fits(); ++coarse) rank = add_coarse(model, coarse, rank);
  }

  bool fits() const { return fine_size <= kMostFine; }

  int low_bits;
  int coarse_size;
  int fine_size = 0;
  std::uint16_t base[64] = {};
  std::uint16_t shift[64] = {};
  std::uint16_t fine[kMostFine + 128] = {};

 private:
  static int end_of(const RankedModel& model, int rank) {
    return model.low[rank] + model.width[rank];
  }

  // At most one rank may end inside each bucket of 2^log slots (at its very end does not count).
  bool separates(const RankedModel& model, int first, int rank, int log) const {
    int bucket_of_last = -1;
    for (; end_of(model, rank) < first + coarse_size; ++rank) {
      const int place = end_of(model, rank) - first;
      if ((place & ((1 << log) - 1)) == 0) continue;
      if (place >> log == bucket_of_last) return false;
      bucket_of_last = place >> log;
    }
    return true;
  }

  // Returns the rank that owns the slot after the bucket.
  int add_coarse(const RankedModel& model, int coarse, int rank) {
    const int first = coarse * coarse_size;
    int log = low_bits;
    while (!separates(model, first, rank, log)) --log;
    base[coarse] = static_cast<std::uint16_t>(fine_size);
    shift[coarse] = static_cast<std::uint16_t>(log);
    for (int at = 0; at < coarse_size; at += 1 << log) {
      while (end_of(model, rank) <= first + at) ++rank;
      const int last = std::min(end_of(model, rank) - first, coarse_size) - 1;
      fine[fine_size++] = static_cast<std::uint16_t>(rank << low_bits | (coarse_size - 1 - last));
    }
    while (rank < model.size - 1 && end_of(model, rank) <= first + coarse_size) ++rank;
    return rank;
  }
};

template <int kFinePairs>
struct RegisterRanks {
  explicit RegisterRanks(const RankedModel&, const SlotIndex& index)
      : bases(index.base),
        shifts(index.shift),
        fine(index.fine),
        low_bits(_mm_cvtsi32_si128(index.low_bits)),
        low_mask(_mm512_set1_epi16(static_cast<short>(index.coarse_size - 1))) {}

  __m512i operator[](__m512i slot) const {
    const __m512i coarse = _mm512_srl_epi16(slot, low_bits);
    const __m512i place = _mm512_and_si512(slot, low_mask);
    const __m512i at = _mm512_add_epi16(bases[coarse], _mm512_srlv_epi16(place, shifts[coarse]));
    return _mm512_srl_epi16(_mm512_add_epi16(fine[at], place), low_bits);
  }

  WordTable<1> bases, shifts;
  WordTable<kFinePairs> fine;
  __m128i low_bits;
  __m512i low_mask;
};

// For the rare models whose fine buckets are too many: a table of all slots in memory.
struct GatheredRanks {
  explicit GatheredRanks(const RankedModel& model, const SlotIndex&) {
    for (int r = 0; r < model.size; ++r) {
      std::memset(table + model.low[r], r, model.width[r]);
    }
  }

  __m512i operator[](__m512i slot) const {
    const __m512i even = _mm512_i32gather_epi32(even_words(slot), table, 1);
    const __m512i odd = _mm512_i32gather_epi32(odd_words(slot), table, 1);
    return _mm512_and_si512(low_words(even, odd), _mm512_set1_epi16(0xff));
  }

  std::uint8_t table[(1 << kRansMostBits) + 4];
};

struct Popper {
  explicit Popper(int total_bits)
      : slot_mask(_mm512_set1_epi16(static_cast<short>((1 << total_bits) - 1))),
        bits(_mm_cvtsi32_si128(total_bits)) {}

  __m512i slots(const Group& group) const {
    return _mm512_and_si512(low_words(group.even, group.odd), slot_mask);
  }

  // `place` is slot - low.
  void pop(Group& group, const Group& width, const Group& place) const {
    group.even = pop(group.even, width.even, place.even);
    group.odd = pop(group.odd, width.odd, place.odd);
  }

  __m512i pop(__m512i x, __m512i width, __m512i place) const {
    return _mm512_add_epi32(_mm512_mullo_epi32(_mm512_srl_epi32(x, bits), width), place);
  }

  __m512i slot_mask;
  __m128i bits;
};

template <int kGroups, int kRankPairs, class Ranks>
std::size_t decode0_groups(RansDecode0& job, const SlotIndex& index) {
  const RankedModel& model = job.model;
  const Ranks ranks(model, index);
  const WordTable<kRankPairs> lows(model.low.data());
  const WordTable<kRankPairs> widths(model.width.data());
  const ByteTable<kRankPairs> symbols(model.symbol.data());
  const Popper popper(model.bits);
  Group groups[kGroups];
  for (int g = 0; g < kGroups; ++g) groups[g] = load_group(job.states.data() + 32 * g);
  const std::uint8_t* words = job.words;
  std::size_t step = 0;
  for (; step < job.steps && job.words_end - words >= 64 * kGroups; ++step) {
    unrolled<kGroups>([&](int g) __attribute__((always_inline)) {
      const __m512i slot = popper.slots(groups[g]);
      const __m512i rank = ranks[slot];
      popper.pop(groups[g], widen(widths[rank]), widen(_mm512_sub_epi16(slot, lows[rank])));
      refill(groups[g], words);
      const __m512i symbol = symbols[_mm512_castsi256_si512(_mm512_cvtepi16_epi8(rank))];
      std::uint8_t* const output = job.output + (step * kGroups + g) * 32;
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(output), _mm512_castsi512_si256(symbol));
    });
  }
  for (int g = 0; g < kGroups; ++g) store_group(groups[g], job.states.data() + 32 * g);
  job.words = words;
  return step;
}

template <int kGroups, int kRankPairs>
std::size_t decode0_ranks(RansDecode0& job) {
  const SlotIndex index(job.model);
  if (!index.fits()) return decode0_groups<kGroups, kRankPairs, GatheredRanks>(job, index);
  if (index.fine_size <= 192) {
    return decode0_groups<kGroups, kRankPairs, RegisterRanks<3>>(job, index);
  }
  return decode0_groups<kGroups, kRankPairs, RegisterRanks<4>>(job, index);
}

template <int kGroups>
std::size_t decode0_lanes(RansDecode0& job) {
  if (job.model.size <= 64) return decode0_ranks<kGroups, 1>(job);
  if (job.model.size <= 128) return decode0_ranks<kGroups, 2>(job);
  return decode0_ranks<kGroups, 4>(job);
}

std::size_t decode0(RansDecode0& job) {
  if (job.lanes == 4) return portable_rans_kernels().decode0(job);
  if (job.lanes == 32) return decode0_lanes<1>(job);
  return job.lanes == 64 ? decode0_lanes<2>(job) : decode0_lanes<4>(job);
}

}  // namespace
}  // namespace avx512

void choose_avx512_order0(RansKernels& kernels) {
  kernels.encode0 = avx512::encode0;
  kernels.decode0 = avx512::decode0;
}

}  // namespace evalzip
