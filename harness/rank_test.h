// Mann and Whitney's rank test (1947): are the values of one side larger?
#pragma once

#include <span>

namespace evalzip {

// One-sided p-value of the hypothesis that `larger` is not stochastically larger than `smaller`.
// Exact for up to 20 different values a side; beyond, and where values are equal, by the normal
// approximation with continuity and tie correction, which is good from about 8 values a side.
// Precondition: both are not empty.
double rank_test(std::span<const double> smaller, std::span<const double> larger);

}  // namespace evalzip
