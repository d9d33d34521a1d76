// How noisy timings are on this machine, and the smallest slowdown they could show.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "harness/sampler.h"

namespace evalzip {

// A slowdown counts as found when the median rises by more than the threshold, the minimum by more
// than 0.6 of it, and the rank test gives p < 0.01: each alone raises false alarms on a busy
// machine.
bool slowdown_found(const std::vector<double>& base, const std::vector<double>& head,
                    double threshold);

struct Noise {
  double spread = 0;  // 1.4826 x median absolute deviation / median
  // Smallest relative slowdown that 8 of 10 simulated comparisons of 20 samples a side find, at a
  // threshold of half the slowdown. Absent: not even a doubling of the time.
  std::optional<double> detectable;
};

// From samples of one piece of work, repeated. Deterministic. Precondition: at least 8 samples.
Noise noise_of(const std::vector<double>& samples);

}  // namespace evalzip
