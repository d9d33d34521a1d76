// Logits straight from registers are those of the product, the outliers and the scales one by one.
#include "codecs/llm/head_product.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace evalzip {
namespace {

constexpr std::size_t kDepth = 200;

PackedMatrix random_head(std::size_t columns) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  PackedMatrix head(columns, kDepth);
  std::vector<float> weights(kDepth);
  for (std::size_t column = 0; column < columns; ++column) {
    for (float& w : weights) w = normal(random);
    head.set_column(column, weights);
  }
  return head;
}

// Some have outliers, one has what only a hostile model makes.
QuantisedRows random_rows(std::size_t count, float size = 1) {
  std::mt19937 random(4);
  std::normal_distribution<float> normal;
  QuantisedRows rows;
  rows.reset(count, kDepth);
  for (std::size_t row = 0; row < count; ++row) {
    std::vector<float> x((kDepth + 15) / 16 * 16);
    for (std::size_t i = 0; i < kDepth; ++i) x[i] = size * normal(random);
    for (std::size_t i = 0; i < row % 4; ++i) x[11 + 50 * i] = i % 2 == 0 ? 90.0f : -35.0f;
    if (row == 9) x[7] = std::numeric_limits<float>::infinity();
    if (row == 11) std::fill(x.begin(), x.begin() + kDepth / 2, std::nanf(""));  // a full list
    rows.set(row, x.data(), kDepth, engine_kernels().front().rows);
  }
  return rows;
}

TEST(HeadProduct, EveryKernelGivesTheSameLogitsAndTheLargest) {
  ThreadTeam one(1), three(3);
  for (const std::size_t columns : {1, 16, 37, 48, 777, 1'600}) {
    const PackedMatrix head = random_head(columns);
    for (const std::size_t count : {1, 2, 3, 8, 13, 30}) {
      const QuantisedRows rows = random_rows(count);
      HeadProduct first(one, engine_kernels().front());
      first.run(rows, head);
      for (const EngineKernels& kernels : engine_kernels()) {
        HeadProduct other(three, kernels);
        other.run(random_rows(count, 100), head);  // whose largest are larger
        other.run(rows, head);
        for (std::size_t row = 0; row < count; ++row) {
          SCOPED_TRACE(testing::Message() << to_string(kernels.isa) << ", " << columns
                                          << " columns, row " << row << " of " << count);
          const Logits expected = first.logits(row), found = other.logits(row);
          EXPECT_TRUE(std::ranges::equal(found.values, expected.values));
          EXPECT_EQ(found.largest, *std::ranges::max_element(expected.values));
          EXPECT_EQ(expected.largest, found.largest);
        }
      }
    }
  }
}

}  // namespace
}  // namespace evalzip
