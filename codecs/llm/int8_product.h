// Products of int8 matrices with int32 results: the one operation that a language model spends its
// time on, and exact, so that every instruction set, tiling, batch and thread count agrees.
//
// READ ME FIRST
//
// A product multiplies `row_count` rows (activations) with a matrix of weights, both in [-127,
// 127]: never -128, so that a pair of products fits in int16 (2 * 127 * 127 = 32,258), which the
// kernels of AVX2 and NEON rely on. A sum of up to 133,152 products fits in int32.
//
// Rows are stored with 128 added to each value, because the instruction of AVX-512 VNNI (and of
// AMX) multiplies unsigned by signed bytes: sum((x + 128) * w) - 128 * sum(w) is sum(x * w), in
// wrapping int32 arithmetic exactly. The second term is stored with the matrix.
//
// Rows of attention weights are not negative and have nothing added: `bias` is 0 and there are no
// corrections. Their values are in [0, 127].
//
// The matrix is cut into panels of 16 columns. A panel is `quads` groups of 64 bytes: 16 columns by
// 4 successive depths. That is what one VNNI instruction and one row of an AMX tile read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evalzip {

constexpr std::size_t kPanelColumns = 16;
constexpr std::size_t kQuadDepth = 4;
constexpr std::size_t kQuadBytes = kPanelColumns * kQuadDepth;
constexpr std::uint8_t kRowBias = 128;

// out[row][column] = sum over depth of (rows[row][depth] - bias) * matrix[depth][column].
struct Int8Product {
  const std::uint8_t* rows;  // row_count of 4 * quads values
  std::size_t row_count;
  std::size_t row_stride;     // bytes
  const std::int8_t* panels;  // panel_count of quads * 64 values
  std::size_t panel_count;
  std::size_t panel_stride;         // bytes
  std::size_t quads;                // depth / 4, at least 1
  std::uint8_t bias;                // 128 or 0
  const std::int32_t* corrections;  // -bias times the sum of each column: 16 * panel_count
  std::int32_t* out;                // 16 * panel_count values in each row
  std::size_t out_stride;           // values
};

using Int8ProductKernel = void (*)(const Int8Product&);

void int8_product_portable(const Int8Product& product);

}  // namespace evalzip
