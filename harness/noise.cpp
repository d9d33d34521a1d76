#include "harness/noise.h"

#include <algorithm>

#include "harness/rank_test.h"
#include "harness/split_mix.h"
#include "harness/statistics.h"

namespace evalzip {
namespace {

constexpr int kSamplesPerSide = 20;
constexpr int kComparisons = 100;
constexpr double kWantedShare = 0.8;
constexpr double kMostPValue = 0.01;

std::vector<double> draw(const std::vector<double>& pool, double factor, SplitMix64& random) {
  std::vector<double> drawn;
  for (int i = 0; i < kSamplesPerSide; ++i) {
    drawn.push_back(pool[random.below(pool.size())] * factor);
  }
  return drawn;
}

double share_found(const std::vector<double>& samples, double slowdown) {
  SplitMix64 random(1);
  int found = 0;
  for (int i = 0; i < kComparisons; ++i) {
    const std::vector<double> base = draw(samples, 1, random);
    const std::vector<double> head = draw(samples, 1 + slowdown, random);
    found += slowdown_found(base, head, slowdown / 2) ? 1 : 0;
  }
  return found / static_cast<double>(kComparisons);
}

}  // namespace

bool slowdown_found(const std::vector<double>& base, const std::vector<double>& head,
                    double threshold) {
  return median(head) > median(base) * (1 + threshold) &&
         minimum(head) > minimum(base) * (1 + 0.6 * threshold) &&
         rank_test(base, head) < kMostPValue;
}

Noise noise_of(const std::vector<double>& samples) {
  Noise noise{.spread = relative_spread(samples).value_or(0), .detectable = {}};
  for (double slowdown = 0.005; slowdown <= 1; slowdown *= 1.1) {
    if (share_found(samples, slowdown) >= kWantedShare) {
      noise.detectable = slowdown;
      break;
    }
  }
  return noise;
}

}  // namespace evalzip
