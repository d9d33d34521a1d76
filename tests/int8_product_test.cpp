// Every kernel of int8 products gives the int32 of the definition.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "codecs/llm/engine_kernels.h"

namespace evalzip {
namespace {

struct Shape {
  std::size_t rows, panels, quads;
};

// Values, and the product's place for the results. Extremes are as likely as all others together.
struct Example {
  Example(const Shape& shape, std::uint8_t bias, std::uint64_t seed)
      : rows(shape.rows * shape.quads * kQuadDepth),
        panels(shape.panels * shape.quads * kQuadBytes),
        corrections(shape.panels * kPanelColumns),
        out(shape.rows * shape.panels * kPanelColumns, 12345) {
    std::mt19937_64 random(seed);
    const auto value = [&](int lowest) {
      const int r = static_cast<int>(random() >> 40);
      return r % 4 == 0 ? 127 : r % 4 == 1 ? lowest : lowest + r / 4 % (128 - lowest);
    };
    for (std::uint8_t& x : rows) x = static_cast<std::uint8_t>(value(bias == 0 ? 0 : -127) + bias);
    for (std::int8_t& w : panels) w = static_cast<std::int8_t>(value(-127));
    product = {.rows = rows.data(),
               .row_count = shape.rows,
               .row_stride = shape.quads * kQuadDepth,
               .panels = panels.data(),
               .panel_count = shape.panels,
               .panel_stride = shape.quads * kQuadBytes,
               .quads = shape.quads,
               .bias = bias,
               .corrections = bias == 0 ? nullptr : corrections.data(),
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

TEST(Int8Product, EveryKernelGivesTheSumsOfTheDefinition) {
  std::uint64_t seed = 1;
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const std::size_t rows : {1, 2, 3, 5, 7, 8, 9, 16, 17, 31, 33, 64}) {
      for (const std::size_t panels : {1, 2, 3, 4, 5, 6}) {
        for (const std::size_t quads : {1, 2, 15, 16, 17, 40}) {
          for (const std::uint8_t bias : {std::uint8_t{0}, kRowBias}) {
            Example example({rows, panels, quads}, bias, ++seed);
            kernels.product(example.product);
            ASSERT_EQ(example.out, example.definition())
                << to_string(kernels.isa) << ", " << rows << " rows, " << panels << " panels, "
                << quads << " quads, bias " << int{bias} << ", seed " << seed;
          }
        }
      }
    }
  }
}

TEST(Int8Product, TheLargestSumsFit) {
  for (const EngineKernels& kernels : engine_kernels()) {
    Example example({3, 1, 8192}, kRowBias, 7);
    std::fill(example.rows.begin(), example.rows.end(), std::uint8_t{1});  // -127
    std::fill(example.panels.begin(), example.panels.end(), std::int8_t{-127});
    std::fill(example.corrections.begin(), example.corrections.end(), 128 * 127 * 4 * 8192);
    kernels.product(example.product);
    EXPECT_EQ(example.out, std::vector<std::int32_t>(48, 127 * 127 * 4 * 8192));
  }
}

}  // namespace
}  // namespace evalzip
