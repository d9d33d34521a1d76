// Int8 products with AVX-512 VNNI: blocks of up to 8 rows by 3 panels, or 2 by 8,
// stay in registers.
#include <immintrin.h>

#include <cstring>

#include "codecs/llm/avx512_operations.h"
#include "codecs/llm/engine_kernels_x86.h"
#include "codecs/llm/lanes.h"

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

// Puts sums where products go.
class StoreSums {
 public:
  explicit StoreSums(const Int8Product& product) : product_(product) {}

  const Int8Product& product() const { return product_; }

  template <int kRows, int kPanels>
  [[gnu::always_inline]] void operator()(std::size_t row, std::size_t panel,
                                         __m512i (&sums)[kRows][kPanels]) const {
    std::int32_t* out = product_.out + row * product_.out_stride + panel * kPanelColumns;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
      for (int p = 0; p < kPanels; ++p) {
        _mm512_storeu_si512(out + r * product_.out_stride + p * kPanelColumns, sums[r][p]);
      }
    }
  }

 private:
  Int8Product product_;
};

// Turns sums into logits.
class StoreLogits {
 public:
  explicit StoreLogits(const LogitProduct& logits) : logits_(logits) {}

  const Int8Product& product() const { return logits_.product; }

  template <int kRows, int kPanels>
  [[gnu::always_inline]] void operator()(std::size_t row, std::size_t panel,
                                         __m512i (&sums)[kRows][kPanels]) const {
    const Columns<kPanels> columns(logits_, panel);
    const QuantisedRow* const rows = logits_.rows + row;
    const Outlier* outliers = logits_.outliers + row * logits_.most_outliers;
    const std::size_t most_outliers = logits_.most_outliers;
    std::int16_t* out = logits_.out + row * logits_.out_stride + panel * kPanelColumns;
    std::int16_t* largest = logits_.largest + row * kLargestLanes;
    const std::size_t stride = logits_.out_stride;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      for (std::size_t i = 0; i < rows[r].outliers; ++i) columns.add(outliers[i], sums[r]);
      columns.store(sums[r], rows[r].scale, out, largest + r * kLargestLanes);
      out += stride;
      outliers += most_outliers;
    }
  }

 private:
  // What a block's rows share. Copies: compilers can't know that nothing stored changes them.
  template <int kPanels>
  struct Columns {
    Columns(const LogitProduct& logits, std::size_t panel)
        : quads(logits.product.panels + panel * logits.product.panel_stride),
          panel_stride(logits.product.panel_stride) {
#pragma GCC unroll 8
      for (int p = 0; p < kPanels; ++p) {
        const std::size_t column = (panel + p) * kPanelColumns;
        scales[p] = _mm512_loadu_ps(logits.column_scales + column);
        const std::size_t left = logits.columns - column;
        real[p] = static_cast<__mmask16>(left < kPanelColumns ? (1u << left) - 1 : 0xffff);
      }
    }

    [[gnu::always_inline]] void add(const Outlier& outlier, __m512i (&sums)[kPanels]) const {
      const std::int8_t* at = quads + outlier.at / kQuadDepth * kQuadBytes;
      const int depth = static_cast<int>(outlier.at % kQuadDepth);
#pragma GCC unroll 8
      for (int p = 0; p < kPanels; ++p) {
        const __m512i products =
            avx512::products(_mm512_loadu_si512(at + p * panel_stride), depth, outlier.parts);
        sums[p] = _mm512_add_epi32(sums[p], _mm512_slli_epi32(products, kWideBits));
      }
    }

    [[gnu::always_inline]] void store(const __m512i (&sums)[kPanels], float scale,
                                      std::int16_t* out, std::int16_t* largest) const {
      const __m512 row_scale = _mm512_set1_ps(scale * lanes::kLogitUnits);
      __m256i top = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(largest));
#pragma GCC unroll 8
      for (int p = 0; p < kPanels; ++p) {
        const __m512 scaled =
            _mm512_mul_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums[p]), scales[p]), row_scale);
        const __m256i logits = _mm512_cvtsepi32_epi16(avx512::nearest_held(scaled));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + p * kPanelColumns), logits);
        top = _mm256_mask_max_epi16(top, real[p], top, logits);
      }
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(largest), top);
    }

    const std::int8_t* quads;
    std::size_t panel_stride;
    __m512 scales[kPanels];
    __mmask16 real[kPanels];
  };

  LogitProduct logits_;
};

// Asks for kAsked of the panels that come next, of those from row / kRows on.
template <class Finish, int kRows, int kPanels, int kAsked = 0>
void multiply_block(const Finish& finish, std::size_t row, std::size_t panel) {
  const Int8Product& product = finish.product();
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
  finish.template operator()<kRows, kPanels>(row, panel, acc);
}

template <class Finish>
using Block = void (*)(const Finish&, std::size_t, std::size_t);

// Rows in blocks of 8, then the rest at once. If as many panels come next, the first blocks ask for
// them, each for one of them if there are enough blocks: three lines for each step are more than
// the third-level cache delivers.
template <int kPanels, class Finish>
void multiply_panels(const Finish& finish, std::size_t panel) {
  static constexpr Block<Finish> kRest[] = {
      multiply_block<Finish, 1, kPanels>, multiply_block<Finish, 2, kPanels>,
      multiply_block<Finish, 3, kPanels>, multiply_block<Finish, 4, kPanels>,
      multiply_block<Finish, 5, kPanels>, multiply_block<Finish, 6, kPanels>,
      multiply_block<Finish, 7, kPanels>};
  const Int8Product& product = finish.product();
  const bool each = product.row_count >= 8 * kPanels;
  const std::size_t asking =
      panel + 2 * kPanels > product.panel_count ? 0 : 8 * (each ? kPanels : 1);
  const Block<Finish> ask =
      each ? multiply_block<Finish, 8, kPanels, 1> : multiply_block<Finish, 8, kPanels, kPanels>;
  std::size_t row = 0;
  for (; row + 8 <= product.row_count; row += 8) {
    (row < asking ? ask : multiply_block<Finish, 8, kPanels>)(finish, row, panel);
  }
  if (row < product.row_count) kRest[product.row_count - row - 1](finish, row, panel);
}

// One or two rows: as many panels at once as keep the processor busy; returns where it stopped.
template <int kRows, class Finish>
std::size_t multiply_wide(const Finish& finish) {
  const Int8Product& product = finish.product();
  std::size_t panel = 0;
  for (; panel + 8 <= product.panel_count; panel += 8) {
    multiply_block<Finish, kRows, 8>(finish, 0, panel);
  }
  for (; panel + 4 <= product.panel_count; panel += 4) {
    multiply_block<Finish, kRows, 4>(finish, 0, panel);
  }
  return panel;
}

template <class Finish>
void multiply(const Finish& finish) {
  const Int8Product& product = finish.product();
  std::size_t panel = 0;
  if (product.row_count == 1) panel = multiply_wide<1>(finish);
  if (product.row_count == 2) panel = multiply_wide<2>(finish);
  for (; panel + 3 <= product.panel_count; panel += 3) multiply_panels<3>(finish, panel);
  if (product.panel_count - panel == 2) multiply_panels<2>(finish, panel);
  if (product.panel_count - panel == 1) multiply_panels<1>(finish, panel);
}

}  // namespace

void int8_product_avx512(const Int8Product& product) { multiply(StoreSums(product)); }

void logit_product_avx512(const LogitProduct& product) { multiply(StoreLogits(product)); }

}  // namespace evalzip
