#include "harness/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "harness/median_distribution.h"
#include "harness/split_mix.h"

namespace evalzip {
namespace {

constexpr std::uint64_t kSeed = 0x6576616C7A6970;  // "evalzip"

// Uniform below `limit`, which is far below 2^32: the bias is under limit / 2^32.
std::size_t draw_below(SplitMix64& random, std::size_t limit) {
  return static_cast<std::size_t>((random.next() >> 32) * limit >> 32);
}

// Reorders its argument.
double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

// Draws with replacement from one set of samples. It counts how often each rank was drawn: the
// median is then found by walking the counts, several times faster than by sorting the draw.
class Resampler {
 public:
  Resampler(std::span<const double> samples, std::span<const unsigned> groups)
      : sorted_(samples.begin(), samples.end()), counts_(samples.size()) {
    std::vector<std::size_t> order(samples.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return samples[i]; });
    std::ranges::sort(sorted_);
    std::map<unsigned, std::vector<std::size_t>> by_group;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      by_group[groups.empty() ? 0 : groups[order[rank]]].push_back(rank);
    }
    for (auto& [group, ranks] : by_group) clusters_.push_back(std::move(ranks));
  }

  // As many clusters as there are, and from each as many samples as it has.
  double median_of_draw() {
    std::ranges::fill(counts_, 0u);
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < clusters_.size(); ++i) {
      const std::vector<std::size_t>& ranks = clusters_[draw_below(random_, clusters_.size())];
      for (std::size_t j = 0; j < ranks.size(); ++j)
        ++counts_[ranks[draw_below(random_, ranks.size())]];
      drawn += ranks.size();
    }
    std::size_t rank = 0;
    std::size_t up_to_rank = counts_[0];
    const auto advance = [&](std::size_t place) {
      while (up_to_rank <= place) up_to_rank += counts_[++rank];
      return sorted_[rank];
    };
    const double below = advance((drawn - 1) / 2);
    return (below + advance(drawn / 2)) / 2;
  }

  Interval95 of_all_resamples() const { return median_distribution_95(sorted_, clusters_); }

 private:
  std::vector<double> sorted_;
  std::vector<unsigned> counts_;                    // by rank
  std::vector<std::vector<std::size_t>> clusters_;  // ranks; one cluster if there are no groups
  SplitMix64 random_{kSeed};
};

// Value at `share` of the way through `sorted`, between neighbours by proportion (Hyndman and
// Fan, 1996, definition 7).
double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const std::size_t before = static_cast<std::size_t>(place);
  const std::size_t after = std::min(before + 1, sorted.size() - 1);
  return sorted[before] + (place - std::floor(place)) * (sorted[after] - sorted[before]);
}

}  // namespace

double median(std::span<const double> samples) {
  assert(!samples.empty());
  std::vector<double> values(samples.begin(), samples.end());
  return median_of(values);
}

double minimum(std::span<const double> samples) {
  assert(!samples.empty());
  return *std::min_element(samples.begin(), samples.end());
}

std::optional<Interval95> median_interval(std::span<const double> samples,
                                          std::span<const unsigned> groups, unsigned resamples) {
  assert(groups.empty() || groups.size() == samples.size());
  assert(resamples > 0);
  if (samples.size() < 2) return std::nullopt;
  Resampler resampler(samples, groups);
  if (samples.size() <= kMostSamplesWorkedOut) return resampler.of_all_resamples();
  std::vector<double> medians(resamples);
  for (double& value : medians) value = resampler.median_of_draw();
  std::ranges::sort(medians);
  return Interval95{quantile(medians, 0.025), quantile(medians, 0.975)};
}

std::optional<double> relative_spread(std::span<const double> samples) {
  if (samples.size() < 2) return std::nullopt;
  constexpr double kNormalConsistency = 1.4826;  // makes the MAD of a normal its deviation
  const double middle = median(samples);
  if (middle == 0) return std::nullopt;
  std::vector<double> deviations;
  for (const double sample : samples) deviations.push_back(std::abs(sample - middle));
  return kNormalConsistency * median_of(deviations) / middle;
}

double geometric_mean(std::span<const double> values) {
  assert(!values.empty());
  double log_sum = 0;
  for (const double value : values) {
    assert(value > 0);
    log_sum += std::log(value);
  }
  return std::exp(log_sum / static_cast<double>(values.size()));
}

}  // namespace evalzip
