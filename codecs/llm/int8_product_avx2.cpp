// Int8 products with AVX2: |x| times the weights with the sign of x, pairs added in int16.
#include <immintrin.h>

#include <cstring>

#include "codecs/llm/engine_kernels_x86.h"

namespace evalzip {
namespace {

// One row's four values in every lane.
struct Quad {
  __m256i signs, sizes;

  [[gnu::always_inline]] Quad(const std::uint8_t* values, __m256i bias) {
    std::int32_t word;
    std::memcpy(&word, values, sizeof word);
    signs = _mm256_xor_si256(_mm256_set1_epi32(word), bias);
    sizes = _mm256_abs_epi8(signs);
  }

  // The sums of four products: the pairs cannot saturate, see int8_product.h.
  [[gnu::always_inline]] __m256i dot(__m256i weights) const {
    const __m256i pairs = _mm256_maddubs_epi16(sizes, _mm256_sign_epi8(weights, signs));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  }
};

template <int kRows>
void multiply_block(const Int8Product& product, std::size_t row, std::size_t panel) {
  const std::uint8_t* values = product.rows + row * product.row_stride;
  const std::int8_t* weights = product.panels + panel * product.panel_stride;
  // Adding or taking away 128 is turning over the highest bit.
  const __m256i bias = _mm256_set1_epi8(static_cast<char>(product.bias));
  __m256i acc[kRows][2];
#pragma GCC unroll 4
  for (int r = 0; r < kRows; ++r) acc[r][0] = acc[r][1] = _mm256_setzero_si256();
  for (std::size_t q = 0; q < product.quads; ++q) {
    const auto* at = reinterpret_cast<const __m256i*>(weights + q * kQuadBytes);
    const __m256i low = _mm256_loadu_si256(at), high = _mm256_loadu_si256(at + 1);
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) {
      const Quad quad(values + r * product.row_stride + q * kQuadDepth, bias);
      acc[r][0] = _mm256_add_epi32(acc[r][0], quad.dot(low));
      acc[r][1] = _mm256_add_epi32(acc[r][1], quad.dot(high));
    }
  }
  std::int32_t* out = product.out + row * product.out_stride + panel * kPanelColumns;
#pragma GCC unroll 4
  for (int r = 0; r < kRows; ++r) {
    auto* at = reinterpret_cast<__m256i*>(out + r * product.out_stride);
    _mm256_storeu_si256(at, acc[r][0]);
    _mm256_storeu_si256(at + 1, acc[r][1]);
  }
}

}  // namespace

void int8_product_avx2(const Int8Product& product) {
  for (std::size_t panel = 0; panel < product.panel_count; ++panel) {
    std::size_t row = 0;
    for (; row + 4 <= product.row_count; row += 4) multiply_block<4>(product, row, panel);
    for (; row < product.row_count; ++row) multiply_block<1>(product, row, panel);
  }
}

}  // namespace evalzip
