#include "tracking/change_points.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "harness/split_mix.h"
#include "tracking/student_t.h"

namespace evalzip {
namespace {

double uniform(SplitMix64& random) { return static_cast<double>(random.next() >> 11) * 0x1p-53; }

// Normal with mean 0 and deviation 1 (Box and Muller, 1958).
double normal(SplitMix64& random) {
  return std::sqrt(-2 * std::log(1 - uniform(random))) *
         std::cos(2 * 3.14159265358979 * uniform(random));
}

std::vector<double> steps(const std::vector<double>& levels, std::size_t length, double noise,
                          std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<double> values;
  for (const double level : levels) {
    for (std::size_t i = 0; i < length; ++i) values.push_back(level * (1 + noise * normal(random)));
  }
  return values;
}

TEST(StudentTest, AgreesWithIntegratingItsDensity) {
  const std::vector<double> a{27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1,
                              21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4};
  const std::vector<double> b{27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8};
  // t = 2.6394 with 22 degrees of freedom; Simpson's rule over the tail.
  EXPECT_NEAR(student_test(a, b), 0.0149748, 1e-6);
  EXPECT_EQ(student_test(std::vector{1.0, 1.0}, std::vector{1.0, 1.0}), 1);
  EXPECT_EQ(student_test(std::vector{1.0, 1.0}, std::vector{2.0, 2.0}), 0);
  EXPECT_EQ(student_test(std::vector{1.0}, std::vector{2.0}), 1);
}

TEST(ChangePoints, FindsStepsWhereTheyAre) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto points = change_points(steps({100, 110, 95}, 40, 0.02, seed));
    ASSERT_EQ(points.size(), 2u) << "seed " << seed;
    EXPECT_NEAR(static_cast<double>(points[0].index), 40, 2) << "seed " << seed;
    EXPECT_NEAR(static_cast<double>(points[1].index), 80, 2) << "seed " << seed;
    EXPECT_NEAR(points[0].after / points[0].before, 1.1, 0.02);
  }
}

// The statistic by its definition (Matteson and James, 2014, equations 5 and 6), every sum anew.
double energy_distance(const std::vector<double>& values, std::size_t split) {
  const auto mean_distance = [&](std::size_t a, std::size_t a_end, std::size_t b,
                                 std::size_t b_end) {
    double sum = 0, pairs = 0;
    for (std::size_t i = a; i < a_end; ++i) {
      for (std::size_t j = b; j < b_end; ++j) {
        if (i == j) continue;
        sum += std::abs(values[i] - values[j]);
        ++pairs;
      }
    }
    return pairs == 0 ? 0 : sum / pairs;
  };
  const std::size_t n = values.size();
  const auto left = static_cast<double>(split), right = static_cast<double>(n - split);
  return left * right / (left + right) *
         (2 * mean_distance(0, split, split, n) - mean_distance(0, split, 0, split) -
          mean_distance(split, n, split, n));
}

// Of a clear step: of a weak one a second candidate beside it may be the one that is kept.
TEST(ChangePoints, ASingleChangeIsWhereTheEnergyDistanceIsLargest) {
  std::size_t single = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SplitMix64 random(seed);
    std::vector<double> values;
    const std::uint64_t step = 8 + random.below(25);
    for (std::uint64_t i = 0; i < 40; ++i) {
      values.push_back((i < step ? 100 : 110) * (1 + 0.02 * normal(random)));
    }
    const auto points = change_points(values);
    if (points.size() != 1) continue;
    ++single;
    std::size_t best = 1;
    for (std::size_t split = 2; split < values.size(); ++split) {
      if (energy_distance(values, split) > energy_distance(values, best)) best = split;
    }
    EXPECT_EQ(points[0].index, best) << "seed " << seed;
  }
  EXPECT_GT(single, 30u);
}

TEST(ChangePoints, AnExactStepIsFoundAtItsPlace) {
  std::vector<double> values(30, 1000);
  std::fill(values.begin() + 17, values.end(), 1001);
  const auto points = change_points(values, {.least_magnitude = 0});
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].index, 17u);
}

TEST(ChangePoints, NoiseAloneIsRarelyAChange) {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    found += change_points(steps({100}, 200, 0.05, seed)).size();
  }
  EXPECT_LE(found, 5u);  // in 10,000 values
}

TEST(ChangePoints, ShortAndConstantSeriesHaveNone) {
  EXPECT_TRUE(change_points({}).empty());
  EXPECT_TRUE(change_points(std::vector{1.0}).empty());
  EXPECT_TRUE(change_points(std::vector{1.0, 2.0}).empty());
  EXPECT_TRUE(change_points(std::vector<double>(500, 3.0)).empty());
}

}  // namespace
}  // namespace evalzip
