// What several kernels compiled for AVX-512 with VNNI do to a register.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace evalzip::avx512 {

// Of each quad's signed byte of that depth with a factor, see int8_product.h: the instruction takes
// the factor's size for the unsigned side.
[[gnu::always_inline]] inline __m512i products(__m512i quads, int depth, std::int32_t factor) {
  const std::int32_t sign = factor >> 31, size = (factor ^ sign) - sign;
  const __m512i flip = _mm512_set1_epi32(sign);
  const __m512i sums =
      _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_set1_epi32(size << 8 * depth), quads);
  return _mm512_sub_epi32(_mm512_xor_si512(sums, flip), flip);
}

// The nearest integers, of which packing with saturation makes what nearest_shorts() gives: the
// instruction turns NaN and what is too low into INT_MIN.
[[gnu::always_inline]] inline __m512i nearest_held(__m512 v) {
  return _mm512_cvtps_epi32(_mm512_min_ps(_mm512_set1_ps(32767.0f), v));
}

}  // namespace evalzip::avx512
