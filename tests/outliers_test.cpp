// Rows of activations in int8 whose few large numbers are in a list apart.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/packed_matrix.h"

namespace evalzip {
namespace {

constexpr std::size_t kCount = 208, kPadded = 208;

struct Row {
  explicit Row(const std::vector<float>& x, const RowKernels& kernels) {
    const QuantisedRow row =
        kernels.quantise_with_outliers(x.data(), kCount, bytes.data(), outliers.data());
    scale = row.scale;
    outliers.resize(row.outliers);
  }

  double number(std::size_t i) const {
    int q = bytes[i] - kRowBias;
    for (const Outlier& outlier : outliers) {
      if (outlier.at == i) q += 128 * outlier.parts;
    }
    return double{scale} * q;
  }

  std::vector<std::size_t> places() const {
    std::vector<std::size_t> at;
    for (const Outlier& outlier : outliers) at.push_back(outlier.at);
    return at;
  }

  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kPadded);
  std::vector<Outlier> outliers = std::vector<Outlier>(most_outliers(kCount));
  float scale = 0;
};

// Most numbers near 1, `outliers` of them of `size`.
std::vector<float> row_of(std::size_t outliers, float size) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<float> x(kPadded);
  for (float& v : x) v = normal(random);
  for (std::size_t i = 0; i < outliers; ++i) x[3 + 37 * i] = size;
  return x;
}

TEST(Outliers, EveryNumberIsWithinHalfAUnitOfWhatTheRowHolds) {
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const float size : {1.0f, 30.0f, 1e4f, 1e30f}) {
      const std::vector<float> x = row_of(5, size);
      const Row row(x, kernels.rows);
      for (std::size_t i = 0; i < kCount; ++i) {
        ASSERT_NEAR(row.number(i), x[i], 0.501 * row.scale) << i << " of size " << size;
      }
    }
  }
}

TEST(Outliers, ARowOfEvenNumbersHasNone) {
  EXPECT_TRUE(Row(row_of(0, 1), engine_kernels().front().rows).outliers.empty());
}

TEST(Outliers, AFewLargeNumbersDoNotCoarsenTheOthers) {
  const Row even(row_of(0, 1), engine_kernels().front().rows);
  const Row uneven(row_of(3, 40), engine_kernels().front().rows);
  EXPECT_EQ(uneven.outliers.size(), 3u);
  EXPECT_LT(uneven.scale, 6 * even.scale) << "a plain row's would be 12 times as large";
}

TEST(Outliers, RowsThatOnlyAHostileModelMakesStayInTheirLists) {
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const float value : {std::nanf(""), kInfinite, -kInfinite, 3e38f, 1e-38f, 0.0f}) {
      const std::vector<float> all(kPadded, value);
      EXPECT_LE(Row(all, kernels.rows).outliers.size(), most_outliers(kCount)) << value;
      std::vector<float> one = row_of(2, 50);
      one[20] = value;
      const Row row(one, kernels.rows), plain(one, engine_kernels().front().rows);
      EXPECT_EQ(row.bytes, plain.bytes) << value;
      EXPECT_EQ(std::bit_cast<std::uint32_t>(row.scale), std::bit_cast<std::uint32_t>(plain.scale))
          << value;
      EXPECT_EQ(row.places(), plain.places()) << value;
    }
  }
}

TEST(Outliers, TheyAddTheirProductsWithTheWeightsTheyMeet) {
  constexpr std::size_t kColumns = 48;
  PackedMatrix matrix(kColumns, kCount);
  std::mt19937 random(11);
  std::vector<std::vector<int>> weights(kColumns, std::vector<int>(kCount));
  for (std::size_t c = 0; c < kColumns; ++c) {
    std::vector<float> column(kCount);
    for (std::size_t k = 0; k < kCount; ++k) {
      weights[c][k] = k == 0 ? 127 : static_cast<int>(random() % 255) - 127;  // so the scale is 1
      column[k] = static_cast<float>(weights[c][k]);
    }
    matrix.set_column(c, column);
  }
  const std::vector<Outlier> outliers{{0, 127}, {1, -127}, {62, 5}, {63, -1}, {207, 99}};
  const Int8Product panels = matrix.product(0, matrix.panels());
  for (const EngineKernels& kernels : engine_kernels()) {
    constexpr std::int32_t kBefore = -7;
    std::vector<std::int32_t> sums(kColumns, kBefore);
    kernels.rows.add_outliers({.outliers = outliers.data(),
                               .count = outliers.size(),
                               .panels = panels.panels,
                               .panel_count = panels.panel_count,
                               .panel_stride = panels.panel_stride,
                               .sums = sums.data()});
    for (std::size_t c = 0; c < kColumns; ++c) {
      std::int32_t expected = kBefore;
      for (const Outlier& outlier : outliers) {
        expected += 128 * outlier.parts * weights[c][outlier.at];
      }
      ASSERT_EQ(sums[c], expected) << "column " << c;
    }
  }
}

}  // namespace
}  // namespace evalzip
