// Did times change? Effect size in two estimators and significance, because each alone raises false
// alarms on a busy machine.
#pragma once

#include <span>
#include <vector>

#include "harness/statistics.h"

namespace evalzip {

// Fewer samples a side than this can show nothing.
inline constexpr std::size_t kFewestSamples = 6;

struct SpeedEvidence {
  double median_ratio = 1, minimum_ratio = 1;  // head / base
  double p_slower = 1, p_faster = 1;           // one-sided rank tests
  // How far apart the halves of one side lie (odd against even samples, the larger of both sides),
  // as a relative difference of medians: what a comparison of a thing with itself shows.
  double self_noise = 0;
  double spread = 0;  // the larger of both sides: 1.4826 x median absolute deviation / median
};

// Precondition: kFewestSamples a side, all positive.
SpeedEvidence weigh(std::span<const double> base, std::span<const double> head);

// Whether medians and minima agree that head is slower (or faster) by more than `threshold`, and by
// more than the noise of a side against itself. Significance is judged over all cells together:
// rejected().
bool slower(const SpeedEvidence& evidence, double threshold);
bool faster(const SpeedEvidence& evidence, double threshold);

// Whether an unremarkable result says little: noise above half the threshold.
bool too_noisy(const SpeedEvidence& evidence, double threshold);

// Percentile bootstrap 95 % interval of the ratio of medians, head / base (Efron, 1979), from a
// fixed seed. Precondition: both are not empty.
Interval95 ratio_interval(std::span<const double> base, std::span<const double> head);

// Percentile bootstrap 95 % interval of the geometric mean, over cells. Precondition: not empty,
// all positive.
Interval95 geometric_mean_interval(std::span<const double> ratios);

// Which hypotheses to reject so that the expected share of wrong rejections stays below `rate`
// (Benjamini and Hochberg, 1995). Parallel to `p_values`.
std::vector<bool> rejected(std::span<const double> p_values, double rate);

}  // namespace evalzip
