// Int8 products with AVX-512 VNNI: blocks of up to 8 rows by 3 panels, or 2 by 8,
// stay in registers.
#include <immintrin.h>

#include <cstring>

#include "codecs/llm/engine_kernels_x86.h"

namespace evalzip {
namespace {

// acc += sum of four unsigned * signed products, per lane. GCC 12 copies accumulators around the
// intrinsic in a block of this size, which halves its speed.
[[gnu::always_inline]] inline void dot(__m512i& acc, __m512i rows, __m512i weights) {
  asm("vpdpbusd %2, %1, %0" : "+v"(acc) : "v"(rows), "v"(weights));
}

[[gnu::always_inline]] inline __m512i broadcast(const std::uint8_t* quad) {
  std::int32_t word;
  std::memcpy(&word, quad, sizeof word);
  return _mm512_set1_epi32(word);
}

// Asks for kAsked of the panels that come next, of those from row / kRows on.
template <int kRows, int kPanels, int kAsked = 0>
void multiply_block(const Int8Product& product, std::size_t row, std::size_t panel) {
  const std::uint8_t* values = product.rows + row * product.row_stride;
  const std::int8_t* weights = product.panels + panel * product.panel_stride;
  __m512i acc[kRows][kPanels];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int p = 0; p < kPanels; ++p) {
      acc[r][p] = product.corrections == nullptr
                      ? _mm512_setzero_si512()
                      : _mm512_loadu_si512(product.corrections + (panel + p) * kPanelColumns);
    }
  }
  for (std::size_t q = 0; q < product.quads; ++q) {
    __m512i w[kPanels];
#pragma GCC unroll 8
    for (int p = 0; p < kPanels; ++p) {
      const std::int8_t* at = weights + p * product.panel_stride + q * kQuadBytes;
      w[p] = _mm512_loadu_si512(at);
    }
    if constexpr (kAsked > 0) {
      const std::int8_t* next = weights + (kPanels + row / kRows) * product.panel_stride;
      for (int p = 0; p < kAsked; ++p) {
        _mm_prefetch(next + p * product.panel_stride + q * kQuadBytes, _MM_HINT_T1);
      }
    }
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const __m512i x = broadcast(values + r * product.row_stride + q * kQuadDepth);
#pragma GCC unroll 8
      for (int p = 0; p < kPanels; ++p) dot(acc[r][p], x, w[p]);
    }
  }
  std::int32_t* out = product.out + row * product.out_stride + panel * kPanelColumns;
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int p = 0; p < kPanels; ++p) {
      _mm512_storeu_si512(out + r * product.out_stride + p * kPanelColumns, acc[r][p]);
    }
  }
}

using Block = void (*)(const Int8Product&, std::size_t, std::size_t);

// Rows in blocks of 8, then the rest at once. If as many panels come next, the first blocks ask for
// them, each for one of them if there are enough blocks: three lines for each step are more than
// the third-level cache delivers.
template <int kPanels>
void multiply_panels(const Int8Product& product, std::size_t panel) {
  static constexpr Block kRest[] = {multiply_block<1, kPanels>, multiply_block<2, kPanels>,
                                    multiply_block<3, kPanels>, multiply_block<4, kPanels>,
                                    multiply_block<5, kPanels>, multiply_block<6, kPanels>,
                                    multiply_block<7, kPanels>};
  const bool each = product.row_count >= 8 * kPanels;
  const std::size_t asking =
      panel + 2 * kPanels > product.panel_count ? 0 : 8 * (each ? kPanels : 1);
  const Block ask = each ? multiply_block<8, kPanels, 1> : multiply_block<8, kPanels, kPanels>;
  std::size_t row = 0;
  for (; row + 8 <= product.row_count; row += 8) {
    (row < asking ? ask : multiply_block<8, kPanels>)(product, row, panel);
  }
  if (row < product.row_count) kRest[product.row_count - row - 1](product, row, panel);
}

// One or two rows: as many panels at once as keep the processor busy; returns where it stopped.
template <int kRows>
std::size_t multiply_wide(const Int8Product& product) {
  std::size_t panel = 0;
  for (; panel + 8 <= product.panel_count; panel += 8) {
    multiply_block<kRows, 8>(product, 0, panel);
  }
  for (; panel + 4 <= product.panel_count; panel += 4) {
    multiply_block<kRows, 4>(product, 0, panel);
  }
  return panel;
}

}  // namespace

void int8_product_avx512(const Int8Product& product) {
  std::size_t panel = 0;
  if (product.row_count == 1) panel = multiply_wide<1>(product);
  if (product.row_count == 2) panel = multiply_wide<2>(product);
  for (; panel + 3 <= product.panel_count; panel += 3) multiply_panels<3>(product, panel);
  if (product.panel_count - panel == 2) multiply_panels<2>(product, panel);
  if (product.panel_count - panel == 1) multiply_panels<1>(product, panel);
}

}  // namespace evalzip
