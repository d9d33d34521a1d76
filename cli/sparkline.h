// A row of bars one line high.
#pragma once

#include <span>
#include <string>

namespace evalzip {

// One of the eight block elements for each value, from `low` to `high`; a blank for values below
// `low`, as an absent one may be written.
std::string sparkline(std::span<const double> values, double low, double high);

}  // namespace evalzip
