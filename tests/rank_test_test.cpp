#include "harness/rank_test.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "harness/split_mix.h"

namespace evalzip {
namespace {

// u of the ranks that `mask` gives to the larger side.
int pairs_won(unsigned mask, int values) {
  int won = 0, below = 0;
  for (int i = 0; i < values; ++i) {
    if ((mask >> i & 1) != 0) {
      won += below;
    } else {
      ++below;
    }
  }
  return won;
}

struct Sides {
  std::vector<double> smaller, larger;
};

Sides sides_of(unsigned mask, int values) {
  Sides sides;
  for (int i = 0; i < values; ++i)
    ((mask >> i & 1) != 0 ? sides.larger : sides.smaller).push_back(i);
  return sides;
}

TEST(RankTest, IsTheShareOfAllOrders) {
  constexpr int kValues = 9, kLarger = 4;
  std::vector<unsigned> orders;
  for (unsigned mask = 0; mask < 1u << kValues; ++mask) {
    if (std::popcount(mask) == kLarger) orders.push_back(mask);
  }
  for (const unsigned mask : orders) {
    const int won = pairs_won(mask, kValues);
    const auto as_large = std::ranges::count_if(
        orders, [&](unsigned other) { return pairs_won(other, kValues) >= won; });
    const Sides sides = sides_of(mask, kValues);
    EXPECT_NEAR(rank_test(sides.smaller, sides.larger),
                static_cast<double>(as_large) / static_cast<double>(orders.size()), 1e-12);
  }
}

TEST(RankTest, WhollySeparateSidesHaveTheSmallestValue) {
  for (const int n : {6, 10, 20}) {
    std::vector<double> smaller, larger;
    for (int i = 0; i < n; ++i) {
      smaller.push_back(i);
      larger.push_back(100 + i);
    }
    const double orders = std::tgamma(2.0 * n + 1) / std::pow(std::tgamma(n + 1.0), 2);
    EXPECT_NEAR(rank_test(smaller, larger) * orders, 1, 1e-9) << n;
    EXPECT_EQ(rank_test(larger, smaller), 1) << n;
  }
}

TEST(RankTest, TheApproximationAgreesWithTheExactValue) {
  SplitMix64 random(3);
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> smaller, larger;
    for (int i = 0; i < 20; ++i) {
      smaller.push_back(static_cast<double>(random.next() >> 11));
      larger.push_back(static_cast<double>(random.next() >> 11) * 1.2);
    }
    const double exact = rank_test(smaller, larger);
    // A twenty-first value at each end moves u by what is expected and makes it approximate.
    smaller.insert(smaller.end(), {-1, 1e18});
    larger.insert(larger.end(), {-2, 2e18});
    EXPECT_NEAR(rank_test(smaller, larger), exact, 0.04) << trial;
  }
}

TEST(RankTest, EqualValuesShareTheirRanks) {
  const std::vector<double> same(8, 1.0);
  EXPECT_EQ(rank_test(same, same), 1);
  const std::vector<double> low{1, 1, 1, 2, 2, 2, 2, 3}, high{2, 2, 3, 3, 3, 3, 3, 4};
  // u = 55.5 of 64; variance 80.8: z = 2.56.
  EXPECT_NEAR(rank_test(low, high), 0.0052, 2e-4);
}

}  // namespace
}  // namespace evalzip
