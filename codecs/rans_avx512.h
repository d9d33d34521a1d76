// What the AVX-512 kernels of both orders share: states in registers, push, renormalisation.
//
// For files compiled with AVX-512 F, BW, DQ, VL, VBMI and VBMI2 only.
#pragma once

#include <immintrin.h>

#include <bit>
#include <cstdint>
#include <utility>

#include "codecs/rans.h"

namespace evalzip::avx512 {

constexpr __mmask32 kOddWords = 0xAAAAAAAA;

// 32 16-bit values of the two halves of 32 32-bit values.
inline __m512i low_words(__m512i even, __m512i odd) {
  return _mm512_mask_blend_epi16(kOddWords, even, _mm512_slli_epi32(odd, 16));
}
inline __m512i high_words(__m512i even, __m512i odd) {
  return _mm512_mask_blend_epi16(kOddWords, _mm512_srli_epi32(even, 16), odd);
}
inline __m512i even_words(__m512i words) {
  return _mm512_and_si512(words, _mm512_set1_epi32(0xffff));
}
inline __m512i odd_words(__m512i words) { return _mm512_srli_epi32(words, 16); }

// f(0), f(1), ... f(kCount - 1), each number a constant of its own type: a loop over registers that
// must not become one over memory. f is to be marked always_inline.
template <int kCount, class F>
__attribute__((always_inline)) inline void unrolled(F f) {
  [&]<int... kIndices>(std::integer_sequence<int, kIndices...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, kIndices>{}), ...);
  }
  (std::make_integer_sequence<int, kCount>{});
}

// 32 lanes, or what belongs to each of them.
struct Group {
  __m512i even, odd;
};

inline Group widen(__m512i words) { return {even_words(words), odd_words(words)}; }

// The natural order of lanes, to and from even and odd ones.
inline Group load_group(const std::uint32_t* states) {
  const __m512i first = _mm512_loadu_si512(states);
  const __m512i second = _mm512_loadu_si512(states + 16);
  const __m512i index =
      _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i next = _mm512_add_epi32(index, _mm512_set1_epi32(1));
  return {_mm512_permutex2var_epi32(first, index, second),
          _mm512_permutex2var_epi32(first, next, second)};
}

inline void store_group(const Group& group, std::uint32_t* states) {
  const __m512i index = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i next = _mm512_add_epi32(index, _mm512_set1_epi32(8));
  _mm512_storeu_si512(states, _mm512_permutex2var_epi32(group.even, index, group.odd));
  _mm512_storeu_si512(states + 16, _mm512_permutex2var_epi32(group.even, next, group.odd));
}

// rans_push in 16 lanes, without a division of integers. Quotients are below 2^22 (bits >= 10), so
// x / width in single precision, where rounding downwards twice loses less than 2^-22 of it, is the
// quotient or one less; the remainder tells which.
struct Pusher {
  explicit Pusher(int bits)
      : total(_mm512_set1_epi32(1 << bits)),
        to_limit(_mm_cvtsi32_si128(32 - bits)),
        to_high_limit(_mm_cvtsi32_si128(16 - bits)) {}

  __m512i push(__m512i x, __m512i low, __m512i width) const {
    const __mmask16 full = _mm512_cmpge_epu32_mask(_mm512_srl_epi32(x, to_limit), width);
    x = _mm512_mask_srli_epi32(x, full, x, 16);
    constexpr int kDown = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
    const __m512 ratio =
        _mm512_div_round_ps(_mm512_cvt_roundepu32_ps(x, kDown), _mm512_cvtepi32_ps(width), kDown);
    const __m512i quotient = _mm512_cvttps_epu32(ratio);
    const __m512i rest = _mm512_sub_epi32(x, _mm512_mullo_epi32(quotient, width));
    const __mmask16 one_more = _mm512_cmpge_epu32_mask(rest, width);
    const __m512i growth = _mm512_sub_epi32(total, width);
    const __m512i sum =
        _mm512_add_epi32(_mm512_add_epi32(x, low), _mm512_mullo_epi32(quotient, growth));
    return _mm512_mask_add_epi32(sum, one_more, sum, growth);
  }

  // One symbol into each lane of a group; `width_words` is `width` as 16-bit values in lane order.
  void push(Group& group, const Group& low, const Group& width, __m512i width_words,
            std::uint8_t*& words) const {
    const __m512i high = _mm512_srl_epi16(high_words(group.even, group.odd), to_high_limit);
    const __mmask32 full = _mm512_cmpge_epu16_mask(high, width_words);
    const __m512i leaving = _mm512_maskz_compress_epi16(full, low_words(group.even, group.odd));
    const auto count = static_cast<unsigned>(std::popcount(full));
    words -= 2 * count;
    _mm512_mask_storeu_epi16(words, _bzhi_u32(~0u, count), leaving);
    group.even = push(group.even, low.even, width.even);
    group.odd = push(group.odd, low.odd, width.odd);
  }

  __m512i total;
  __m128i to_limit, to_high_limit;
};

// Takes a word into each lane that is below kRansLowest.
inline void refill(Group& group, const std::uint8_t*& words) {
  const __m512i high = high_words(group.even, group.odd);
  const __mmask32 low = _mm512_testn_epi16_mask(high, high);
  const __m512i taken = _mm512_maskz_expand_epi16(low, _mm512_loadu_si512(words));
  words += 2 * std::popcount(low);
  const __m512i lowest = _mm512_set1_epi32(kRansLowest);
  const __mmask16 even = _mm512_cmplt_epu32_mask(group.even, lowest);
  const __mmask16 odd = _mm512_cmplt_epu32_mask(group.odd, lowest);
  group.even =
      _mm512_or_si512(_mm512_mask_slli_epi32(group.even, even, group.even, 16), even_words(taken));
  group.odd =
      _mm512_or_si512(_mm512_mask_slli_epi32(group.odd, odd, group.odd, 16), odd_words(taken));
}

}  // namespace evalzip::avx512
