// Int8 products of random values, and what their definition makes of them.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "codecs/llm/int8_product.h"

namespace evalzip {

struct ProductShape {
  std::size_t rows, panels, quads;
  std::uint8_t bias;
};

// Values, and the product's place for the results. Extremes are as likely as all others together.
struct ProductExample {
  ProductExample(const ProductShape& shape, std::uint64_t seed)
      : rows(shape.rows * shape.quads * kQuadDepth),
        panels(shape.panels * shape.quads * kQuadBytes),
        corrections(shape.panels * kPanelColumns),
        out(shape.rows * shape.panels * kPanelColumns, 12345) {
    std::mt19937_64 random(seed);
    const auto value = [&](int lowest) {
      const int r = static_cast<int>(random() >> 40);
      return r % 4 == 0 ? 127 : r % 4 == 1 ? lowest : lowest + r / 4 % (128 - lowest);
    };
    for (std::uint8_t& x : rows) {
      x = static_cast<std::uint8_t>(value(shape.bias == 0 ? 0 : -127) + shape.bias);
    }
    for (std::int8_t& w : panels) w = static_cast<std::int8_t>(value(-127));
    product = {.rows = rows.data(),
               .row_count = shape.rows,
               .row_stride = shape.quads * kQuadDepth,
               .panels = panels.data(),
               .panel_count = shape.panels,
               .panel_stride = shape.quads * kQuadBytes,
               .quads = shape.quads,
               .bias = shape.bias,
               .corrections = shape.bias == 0 ? nullptr : corrections.data(),
               .out = out.data(),
               .out_stride = shape.panels * kPanelColumns};
    for (std::size_t c = 0; c < corrections.size(); ++c) {
      for (std::size_t k = 0; k < shape.quads * kQuadDepth; ++k) corrections[c] -= 128 * at(c, k);
    }
  }

  std::int32_t at(std::size_t column, std::size_t depth) const {
    const std::size_t panel = column / kPanelColumns, quad = depth / kQuadDepth;
    return panels[(panel * product.quads + quad) * kQuadBytes +
                  column % kPanelColumns * kQuadDepth + depth % kQuadDepth];
  }

  std::vector<std::int32_t> definition() const {
    std::vector<std::int32_t> sums(out.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const std::size_t row = i / corrections.size(), column = i % corrections.size();
      for (std::size_t k = 0; k < product.row_stride; ++k) {
        sums[i] += (rows[row * product.row_stride + k] - product.bias) * at(column, k);
      }
    }
    return sums;
  }

  std::vector<std::uint8_t> rows;
  std::vector<std::int8_t> panels;
  std::vector<std::int32_t> corrections, out;
  Int8Product product;
};

// Calls use(shape) for every number of rows and of quads up to 40, which are more than two tiles;
// panels, up to 5, and biases take turns.
template <class Use>
void for_shapes_around_tiles(const Use& use) {
  for (std::size_t rows = 1; rows <= 40; ++rows) {
    for (std::size_t quads = 1; quads <= 40; ++quads) {
      const std::size_t turn = 7 * rows + quads;
      use(ProductShape{rows, turn % 5 + 1, quads, turn % 2 == 0 ? std::uint8_t{0} : kRowBias});
    }
  }
}

}  // namespace evalzip
