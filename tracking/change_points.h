// Where a series of measurements changed for good: E-divisive splits (Matteson and James, 2014),
// judged by a t-test in place of random permutations, as Hunter does (Fleming and others, 2023).
#pragma once

#include <span>
#include <vector>

namespace evalzip {

struct ChangePointSettings {
  std::size_t window = 50;        // values looked at together
  double most_p_value = 0.001;    // of a change that is kept
  double least_magnitude = 0.02;  // relative change of the mean
};

struct ChangePoint {
  std::size_t index;     // of the first value after the change
  double before, after;  // means of the segments on both sides
  double p_value;
};

// In order. Deterministic; time is proportional to the length times the window. Precondition: all
// values are finite.
std::vector<ChangePoint> change_points(std::span<const double> values,
                                       const ChangePointSettings& settings = {});

}  // namespace evalzip
