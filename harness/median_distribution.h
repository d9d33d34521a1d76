// What the bootstrap draws from, worked out: the distribution of the median of a resample.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "harness/statistics.h"

namespace evalzip {

// Bounds the work, which grows faster than the cube of the samples.
inline constexpr std::size_t kMostSamplesWorkedOut = 24;

// The points below which 2.5 % and 97.5 % of the medians of all possible resamples lie: what the
// percentile bootstrap estimates by drawing some of them. `sorted` are the samples in rising order;
// `clusters` the ranks of each group's samples. A resample takes as many clusters as there are,
// each with replacement, and from each as many samples as it has, with replacement. Preconditions:
// at least two samples, no cluster empty.
Interval95 median_distribution_95(std::span<const double> sorted,
                                  const std::vector<std::vector<std::size_t>>& clusters);

}  // namespace evalzip
