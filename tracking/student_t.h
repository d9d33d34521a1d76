// Student's t-test (1908): do two groups of values differ in mean?
#pragma once

#include <span>

namespace evalzip {

// Two-sided p-value, with the variance taken to be the same in both groups: so that a group of two
// values that happen to be alike proves nothing. 1 if there are fewer than three values in all or a
// group is empty; 0 if neither group varies and the means differ.
double student_test(std::span<const double> a, std::span<const double> b);

}  // namespace evalzip
