#include "tracking/speed_test.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "harness/rank_test.h"
#include "harness/split_mix.h"

namespace evalzip {
namespace {

constexpr std::uint64_t kSeed = 0x6576616C7A6970;  // "evalzip"
constexpr std::size_t kResamples = 2000;
// The minimum moves less than the median where a slowdown is not in every call.
constexpr double kMinimumShare = 0.6;

// |log| of the ratio of medians of odd and even samples.
double half_difference(std::span<const double> samples) {
  std::vector<double> halves[2];
  for (std::size_t i = 0; i < samples.size(); ++i) halves[i % 2].push_back(samples[i]);
  return std::abs(std::log(median(halves[0]) / median(halves[1])));
}

// The interval that holds the middle 95 % of `values`. Reorders its argument.
Interval95 middle_95(std::vector<double>& values) {
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(
        std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

double median_of_draw(std::span<const double> samples, SplitMix64& random,
                      std::vector<double>& drawn) {
  drawn.resize(samples.size());
  for (double& value : drawn) value = samples[random.below(samples.size())];
  const auto middle = drawn.begin() + static_cast<std::ptrdiff_t>(drawn.size() / 2);
  std::nth_element(drawn.begin(), middle, drawn.end());
  if (drawn.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(drawn.begin(), middle)) / 2;
}

}  // namespace

SpeedEvidence weigh(std::span<const double> base, std::span<const double> head) {
  assert(base.size() >= kFewestSamples && head.size() >= kFewestSamples);
  return {.median_ratio = median(head) / median(base),
          .minimum_ratio = minimum(head) / minimum(base),
          .p_slower = rank_test(base, head),
          .p_faster = rank_test(head, base),
          .self_noise = std::expm1(std::max(half_difference(base), half_difference(head))),
          .spread = std::max(relative_spread(base).value_or(0), relative_spread(head).value_or(0))};
}

bool slower(const SpeedEvidence& evidence, double threshold) {
  return evidence.median_ratio > 1 + std::max(threshold, evidence.self_noise) &&
         evidence.minimum_ratio > 1 + kMinimumShare * threshold;
}

bool faster(const SpeedEvidence& evidence, double threshold) {
  return 1 / evidence.median_ratio > 1 + std::max(threshold, evidence.self_noise) &&
         1 / evidence.minimum_ratio > 1 + kMinimumShare * threshold;
}

bool too_noisy(const SpeedEvidence& evidence, double threshold) {
  return std::max(evidence.self_noise, evidence.spread) > threshold / 2;
}

Interval95 ratio_interval(std::span<const double> base, std::span<const double> head) {
  assert(!base.empty() && !head.empty());
  SplitMix64 random(kSeed);
  std::vector<double> ratios(kResamples), drawn;
  for (double& ratio : ratios) {
    const double over = median_of_draw(head, random, drawn);
    ratio = over / median_of_draw(base, random, drawn);
  }
  return middle_95(ratios);
}

Interval95 geometric_mean_interval(std::span<const double> ratios) {
  assert(!ratios.empty());
  constexpr std::size_t kMostDraws = 1'000'000, kFewestResamples = 200;
  std::vector<double> logarithms;
  for (const double ratio : ratios) logarithms.push_back(std::log(ratio));
  SplitMix64 random(kSeed);
  std::vector<double> means(std::clamp(kMostDraws / ratios.size(), kFewestResamples, kResamples));
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < logarithms.size(); ++i) {
      sum += logarithms[random.below(logarithms.size())];
    }
    mean = std::exp(sum / static_cast<double>(logarithms.size()));
  }
  return middle_95(means);
}

std::vector<bool> rejected(std::span<const double> p_values, double rate) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::size_t count = 0;  // the largest k whose k-th smallest p is at most rate k / m
  for (std::size_t k = 1; k <= order.size(); ++k) {
    const double limit = rate * static_cast<double>(k) / static_cast<double>(order.size());
    if (p_values[order[k - 1]] <= limit) count = k;
  }
  std::vector<bool> result(p_values.size(), false);
  for (std::size_t k = 0; k < count; ++k) result[order[k]] = true;
  return result;
}

}  // namespace evalzip
