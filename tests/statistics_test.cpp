#include "harness/statistics.h"

#include <cmath>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace evalzip {
namespace {

using Samples = std::vector<double>;
using Groups = std::vector<unsigned>;

TEST(Median, IsTheMiddleOrTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(median(Samples{7}), 7);
  EXPECT_EQ(median(Samples{9, 1, 5}), 5);
  EXPECT_EQ(median(Samples{9, 1, 5, 2}), 3.5);
  EXPECT_EQ(median(Samples{2, 2, 2, 100}), 2);
}

TEST(Minimum, IsTheSmallest) { EXPECT_EQ(minimum(Samples{3, 0.5, 9}), 0.5); }

TEST(GeometricMean, MatchesKnownValues) {
  EXPECT_DOUBLE_EQ(geometric_mean(Samples{2, 8}), 4);
  EXPECT_DOUBLE_EQ(geometric_mean(Samples{1, 10, 100}), 10);
  EXPECT_DOUBLE_EQ(geometric_mean(Samples{1e-300, 1e300, 1e300, 1e-300}), 1);  // no overflow
}

TEST(RelativeSpread, IsTheScaledMedianDeviation) {
  // Deviations from the median 10 are 1, 0, 1, 90, 2: their median is 1.
  EXPECT_DOUBLE_EQ(*relative_spread(Samples{9, 10, 11, 100, 8}), 0.14826);
  EXPECT_EQ(*relative_spread(Samples{5, 5, 5}), 0);
  EXPECT_FALSE(relative_spread(Samples{5}));
  EXPECT_FALSE(relative_spread(Samples{}));
  EXPECT_FALSE(relative_spread(Samples{0, 0}));
}

TEST(MedianInterval, IsAbsentBelowTwoSamples) {
  EXPECT_FALSE(median_interval(Samples{}, {}));
  EXPECT_FALSE(median_interval(Samples{1}, {}));
  EXPECT_TRUE(median_interval(Samples{1, 2}, {}));
}

TEST(MedianInterval, OfEqualSamplesIsThatValue) {
  const auto interval = median_interval(Samples(10, 0.25), Groups(10, 3));
  EXPECT_EQ(interval->low, 0.25);
  EXPECT_EQ(interval->high, 0.25);
}

TEST(MedianInterval, OfFewSamplesIsWhatEnumerationGives) {
  // Of the 27 draws from {1, 2, 3}, 7 have the median 1, 13 have 2 and 7 have 3.
  const auto three = median_interval(Samples{3, 1, 2}, {});
  EXPECT_EQ(three->low, 1);
  EXPECT_EQ(three->high, 3);
  // Of the 9^9 draws from 1..9, 0.14 % have a median of 1 and 3.0 % one of at most 2: the 2.5 %
  // point is 2, and by symmetry the 97.5 % point is 8.
  const auto nine = median_interval(Samples{5, 1, 9, 2, 8, 3, 7, 4, 6}, {}, 20000);
  EXPECT_EQ(nine->low, 2);
  EXPECT_EQ(nine->high, 8);
}

// Every resample of two clusters of sizes 2 and 3, each as likely as its draws say.
TEST(MedianInterval, OfUnequalGroupsIsWhatEnumerationGives) {
  const std::vector<std::vector<double>> clusters = {{1, 4}, {2, 8, 16}};
  std::map<double, double> chances;
  const auto count = [&](auto&& self, std::vector<double> drawn, unsigned left, double chance) {
    if (left == 0) {
      chances[median(drawn)] += chance;
      return;
    }
    for (const std::vector<double>& cluster : clusters) {
      const auto size = static_cast<unsigned>(cluster.size());
      const auto draws = static_cast<unsigned>(std::pow(size, size));
      for (unsigned code = 0; code < draws; ++code) {
        std::vector<double> more = drawn;
        for (unsigned i = 0, rest = code; i < size; ++i, rest /= size) {
          more.push_back(cluster[rest % size]);
        }
        self(self, more, left - 1, chance / 2 / draws);
      }
    }
  };
  count(count, {}, 2, 1);
  const auto point = [&](double share) {
    double sum = 0;
    for (const auto& [value, chance] : chances) {
      if ((sum += chance) >= share - 1e-12) return value;
    }
    return 0.0;
  };
  const auto interval = median_interval(Samples{16, 1, 2, 4, 8}, Groups{9, 7, 9, 7, 9});
  EXPECT_EQ(interval->low, point(0.025));
  EXPECT_EQ(interval->high, point(0.975));
}

TEST(MedianInterval, IsTheSameForTheSameSamplesInAnyOrder) {
  const Samples samples = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
  const Samples shuffled = {5, 3, 5, 6, 2, 9, 5, 1, 4, 1, 3};
  const auto first = median_interval(samples, {});
  const auto again = median_interval(samples, {});
  const auto other = median_interval(shuffled, {});
  EXPECT_EQ(first->low, again->low);
  EXPECT_EQ(first->high, again->high);
  EXPECT_EQ(first->low, other->low);
  EXPECT_EQ(first->high, other->high);
}

// Share of trials whose interval holds the true median 1 of a log-normal distribution, with a
// deviation between groups and one within them.
struct Population {
  unsigned groups, per_group;
  double between, within;
};

double coverage(const Population& population, bool tell_groups) {
  constexpr int kTrials = 1000;
  int covered = 0;
  for (unsigned seed = 0; seed < kTrials; ++seed) {
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    Samples samples;
    Groups groups;
    for (unsigned group = 0; group < population.groups; ++group) {
      const double shift = population.between * normal(engine);
      for (unsigned i = 0; i < population.per_group; ++i) {
        samples.push_back(std::exp(shift + population.within * normal(engine)));
        groups.push_back(group);
      }
    }
    const auto interval = median_interval(samples, tell_groups ? groups : Groups{});
    if (interval->low <= 1 && 1 <= interval->high) ++covered;
  }
  return static_cast<double>(covered) / kTrials;
}

TEST(MedianInterval, CoversTheTrueMedianAsOftenAsItClaims) {
  for (const unsigned samples : {9u, 20u, 50u}) {
    const double share = coverage({1, samples, 0, 0.1}, false);
    RecordProperty("coverage_of_" + std::to_string(samples), std::to_string(share));
    EXPECT_GE(share, 0.925) << samples << " samples, seeds 0..999";
    EXPECT_LE(share, 0.985) << samples << " samples, seeds 0..999";
  }
}

TEST(MedianInterval, OfGroupsThatDifferIsWideOnlyWhenTold) {
  const Population processes_differ = {20, 5, 0.1, 0.01};
  const double told = coverage(processes_differ, true);
  const double untold = coverage(processes_differ, false);
  RecordProperty("told", std::to_string(told));
  RecordProperty("untold", std::to_string(untold));
  EXPECT_GE(told, 0.92) << "seeds 0..999";
  EXPECT_LE(untold, 0.75) << "seeds 0..999";
}

TEST(MedianInterval, OfThreeGroupsThatDifferIsAsNarrowAsDocumented) {
  EXPECT_NEAR(coverage({3, 3, 0.1, 0.001}, true), 0.75, 0.05) << "seeds 0..999";
  EXPECT_NEAR(coverage({5, 3, 0.1, 0.001}, true), 0.92, 0.05) << "seeds 0..999";
}

}  // namespace
}  // namespace evalzip
