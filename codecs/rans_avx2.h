// What the AVX2 kernels of both orders share: push, pop and renormalisation of 8 lanes.
//
// For files compiled with AVX2 and BMI2 only. Lanes lie in natural order, one per 32-bit element.
#pragma once

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstdint>

#include "codecs/rans.h"

namespace evalzip::avx2 {

// For each set of lanes, as a mask of 8 bits, an index per lane.
using LaneTable = std::array<std::array<std::uint8_t, 8>, 256>;

// Where the lanes of a set find their words, the first lane the first word.
constexpr LaneTable expanding_table() {
  LaneTable table{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    std::uint8_t next = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      table[mask][lane] = next;
      if ((mask >> lane & 1) != 0) ++next;
    }
  }
  return table;
}

// Which lanes' words come last among 8 if those of a set are to end there in lane order.
constexpr LaneTable compressing_table() {
  LaneTable table{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    unsigned place = 8;
    for (unsigned lane = 8; lane-- > 0;) {
      if ((mask >> lane & 1) != 0) table[mask][--place] = static_cast<std::uint8_t>(lane);
    }
  }
  return table;
}

inline constexpr LaneTable kExpanding = expanding_table();
inline constexpr LaneTable kCompressing = compressing_table();

inline __m256i permute(__m256i lanes, const std::array<std::uint8_t, 8>& index) {
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(index.data()));
  return _mm256_permutevar8x32_epi32(lanes, _mm256_cvtepu8_epi32(bytes));
}

inline unsigned mask_of(__m256i condition) {
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(condition)));
}

inline __m256i load_states(const std::uint32_t* states) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(states));
}
inline void store_states(std::uint32_t* states, __m256i x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(states), x);
}

// Eight 32-bit values, entry(0) to entry(7).
template <class Entry>
inline __m256i collect(const Entry& entry) {
  const auto four = [&](int i) {
    __m128i entries = _mm_cvtsi32_si128(static_cast<int>(entry(i)));
    entries = _mm_insert_epi32(entries, static_cast<int>(entry(i + 1)), 1);
    entries = _mm_insert_epi32(entries, static_cast<int>(entry(i + 2)), 2);
    return _mm_insert_epi32(entries, static_cast<int>(entry(i + 3)), 3);
  };
  return _mm256_inserti128_si256(_mm256_castsi128_si256(four(0)), four(4), 1);
}

// rans_push in 8 lanes, without a division of integers. Quotients are below 2^22 (bits >= 10) and
// single precision loses at most 2^-24 of them in each of two roundings, so x / width is the
// quotient, one less or one more; the remainder tells which.
class Pusher {
 public:
  explicit Pusher(int bits)
      : total_(_mm256_set1_epi32(1 << bits)), to_limit_(_mm_cvtsi32_si128(32 - bits)) {}

  // Packed intervals are low << 16 | width.
  __m256i push(__m256i x, __m256i intervals, std::uint8_t*& words) const {
    const __m256i low = _mm256_srli_epi32(intervals, 16);
    const __m256i width = _mm256_and_si256(intervals, _mm256_set1_epi32(0xffff));
    // x >> (32 - bits) < width means that no word needs to leave.
    const __m256i fits = _mm256_cmpgt_epi32(width, _mm256_srl_epi32(x, to_limit_));
    put_words(x, mask_of(fits) ^ 0xff, words);
    x = _mm256_blendv_epi8(_mm256_srli_epi32(x, 16), x, fits);
    const __m256i quotient =
        _mm256_cvttps_epi32(_mm256_div_ps(to_float(x), _mm256_cvtepi32_ps(width)));
    const __m256i rest = _mm256_sub_epi32(x, _mm256_mullo_epi32(quotient, width));
    const __m256i growth = _mm256_sub_epi32(total_, width);
    const __m256i sum =
        _mm256_add_epi32(_mm256_add_epi32(x, low), _mm256_mullo_epi32(quotient, growth));
    const __m256i too_small = _mm256_cmpgt_epi32(width, rest);  // all ones unless one more is due
    const __m256i one_more = _mm256_andnot_si256(too_small, growth);
    const __m256i one_less = _mm256_and_si256(_mm256_srai_epi32(rest, 31), growth);
    return _mm256_sub_epi32(_mm256_add_epi32(sum, one_more), one_less);
  }

 private:
  // Rounded once: the halves are exact, and so is the product.
  static __m256 to_float(__m256i x) {
    const __m256 high = _mm256_cvtepi32_ps(_mm256_srli_epi32(x, 16));
    const __m256 low = _mm256_cvtepi32_ps(_mm256_and_si256(x, _mm256_set1_epi32(0xffff)));
    return _mm256_add_ps(_mm256_mul_ps(high, _mm256_set1_ps(65536.0f)), low);
  }

  // Eight words are stored, the wanted ones last; the others are overwritten by what comes before.
  static void put_words(__m256i x, unsigned mask, std::uint8_t*& words) {
    const __m256i last = permute(x, kCompressing[mask]);
    const __m256i halves = _mm256_and_si256(last, _mm256_set1_epi32(0xffff));
    const __m128i packed =
        _mm_packus_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(words - 16), packed);
    words -= 2 * std::popcount(mask);
  }

  __m256i total_;
  __m128i to_limit_;
};

// Takes a word into each lane that is below kRansLowest. 16 bytes must be readable.
inline __m256i refill(__m256i x, const std::uint8_t*& words) {
  const __m256i low = _mm256_cmpeq_epi32(_mm256_srli_epi32(x, 16), _mm256_setzero_si256());
  const unsigned mask = mask_of(low);
  const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(words));
  const __m256i taken = permute(_mm256_cvtepu16_epi32(next), kExpanding[mask]);
  words += 2 * std::popcount(mask);
  return _mm256_blendv_epi8(x, _mm256_or_si256(_mm256_slli_epi32(x, 16), taken), low);
}

// The indices of 8 lanes as scalars, two to a 64-bit value.
struct Indices {
  explicit Indices(__m256i index) {
    const __m128i low = _mm256_castsi256_si128(index);
    const __m128i high = _mm256_extracti128_si256(index, 1);
    pairs[0] = static_cast<std::uint64_t>(_mm_cvtsi128_si64(low));
    pairs[1] = static_cast<std::uint64_t>(_mm_extract_epi64(low, 1));
    pairs[2] = static_cast<std::uint64_t>(_mm_cvtsi128_si64(high));
    pairs[3] = static_cast<std::uint64_t>(_mm_extract_epi64(high, 1));
  }
  std::uint32_t operator[](int lane) const {
    return static_cast<std::uint32_t>(pairs[lane / 2] >> (32 * (lane % 2)));
  }

  std::uint64_t pairs[4];
};

}  // namespace evalzip::avx2
