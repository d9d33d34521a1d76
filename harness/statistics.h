// Pure functions of samples. No sample is ever dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace evalzip {

struct Interval95 {
  double low, high;
};

// Middle value; the mean of the middle two for an even count. Precondition: not empty.
double median(std::span<const double> samples);

double minimum(std::span<const double> samples);

// Percentile bootstrap 95 % interval of the median (Efron, 1979), of all possible resamples where
// samples are few (median_distribution.h; for one group Maritz and Jarrett, 1978, did the same),
// else of `resamples` draws by a SplitMix64 generator from a fixed seed: equal samples give equal
// intervals on every machine.
// `groups` (parallel to samples, e.g. the worker process of each; or empty) makes it a cluster
// bootstrap: whole groups are drawn, then samples within them, because samples of one process share
// its memory layout (Kalibera and Jones, 2013). Few groups that differ make it too narrow: when all
// variance is between groups, 3 groups cover the true median in at most 75 % of runs, since that is
// how often it lies between their extremes, and 5 in 94 %. Absent below 2 samples.
std::optional<Interval95> median_interval(std::span<const double> samples,
                                          std::span<const unsigned> groups,
                                          unsigned resamples = 2000);

// 1.4826 x median absolute deviation / median: a robust coefficient of variation.
// Absent below 2 samples, and where the median is 0.
std::optional<double> relative_spread(std::span<const double> samples);

// Geometric mean. Precondition: not empty, all positive.
double geometric_mean(std::span<const double> values);

}  // namespace evalzip
