// Int8 products with the NEON of every aarch64 processor: pairs added in int16, then in int32.
#include <arm_neon.h>

#include <cstring>

#include "codecs/llm/engine_kernels_aarch64.h"

namespace evalzip {
namespace {

// One row's four values, four times. Adding or taking away 128 is turning over the highest bit.
[[gnu::always_inline]] inline int8x16_t broadcast(const std::uint8_t* values, std::uint8_t bias) {
  std::uint32_t word;
  std::memcpy(&word, values, sizeof word);
  return vreinterpretq_s8_u8(veorq_u8(vreinterpretq_u8_u32(vdupq_n_u32(word)), vdupq_n_u8(bias)));
}

// Four columns' sums of four products, as two vectors of half sums.
struct Sums {
  int32x4_t low = vdupq_n_s32(0), high = vdupq_n_s32(0);

  [[gnu::always_inline]] void add(int8x16_t values, int8x16_t weights) {
    low = vpadalq_s16(low, vmull_s8(vget_low_s8(values), vget_low_s8(weights)));
    high = vpadalq_s16(high, vmull_high_s8(values, weights));
  }
  int32x4_t total() const { return vpaddq_s32(low, high); }
};

template <int kRows>
void multiply_block(const Int8Product& product, std::size_t row, std::size_t panel) {
  const std::uint8_t* values = product.rows + row * product.row_stride;
  const std::int8_t* weights = product.panels + panel * product.panel_stride;
  Sums sums[kRows][4];
  for (std::size_t q = 0; q < product.quads; ++q) {
    int8x16_t x[kRows];
    for (int r = 0; r < kRows; ++r) {
      x[r] = broadcast(values + r * product.row_stride + q * kQuadDepth, product.bias);
    }
    for (int part = 0; part < 4; ++part) {
      const int8x16_t w = vld1q_s8(weights + q * kQuadBytes + 16 * part);
      for (int r = 0; r < kRows; ++r) sums[r][part].add(x[r], w);
    }
  }
  std::int32_t* out = product.out + row * product.out_stride + panel * kPanelColumns;
  for (int r = 0; r < kRows; ++r) {
    for (int part = 0; part < 4; ++part) {
      vst1q_s32(out + r * product.out_stride + 4 * part, sums[r][part].total());
    }
  }
}

}  // namespace

void int8_product_neon(const Int8Product& product) {
  for (std::size_t panel = 0; panel < product.panel_count; ++panel) {
    std::size_t row = 0;
    for (; row + 2 <= product.row_count; row += 2) multiply_block<2>(product, row, panel);
    if (row < product.row_count) multiply_block<1>(product, row, panel);
  }
}

}  // namespace evalzip
