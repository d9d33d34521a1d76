// Vectors of eight 16-bit integers, and the two products of them that compilers do not find by
// themselves in a larger loop.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace evalzip {

// As g++ and clang++ have it. An array would be put together in memory, where a load of all waits
// for the stores of each.
using EightShorts [[gnu::vector_size(16)]] = std::int16_t;

#if defined(__SSE2__)

// The sum of a[i] * b[i], modulo 2^32.
inline std::int32_t dot(EightShorts a, EightShorts b) {
  __m128i sums = _mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b));
  sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, 0x4e));
  sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, 0xb1));
  return _mm_cvtsi128_si32(sums);
}

// a[i] + (b[i] * factor + 2^15 >> 16), as near as 16 bits come.
inline EightShorts add_product(EightShorts a, EightShorts b, std::int16_t factor) {
  const __m128i factors = _mm_set1_epi16(factor), values = reinterpret_cast<__m128i>(b);
  const __m128i half = _mm_srli_epi16(_mm_mullo_epi16(values, factors), 15);
  const __m128i product = _mm_add_epi16(_mm_mulhi_epi16(values, factors), half);
  return reinterpret_cast<EightShorts>(_mm_adds_epi16(reinterpret_cast<__m128i>(a), product));
}

#else

inline std::int32_t dot(EightShorts a, EightShorts b) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += a[i] * b[i];
  return sum;
}

inline EightShorts add_product(EightShorts a, EightShorts b, std::int16_t factor) {
  for (std::size_t i = 0; i < 8; ++i) {
    const std::int32_t sum = a[i] + ((b[i] * factor + (1 << 15)) >> 16);
    a[i] = static_cast<std::int16_t>(std::clamp(sum, -32768, 32767));
  }
  return a;
}

#endif

}  // namespace evalzip
