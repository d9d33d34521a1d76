// The order in which two sides are measured so that slow drift favours neither.
#pragma once

#include <bit>
#include <cstddef>

namespace evalzip {

enum class Side { base, head };

// Position `index` of the sequence of Thue (1906) and Morse (1921), ABBA BAAB...: each pair of
// positions holds both sides, and linear, quadratic and higher trends cancel over powers of two.
constexpr Side thue_morse(std::size_t index) {
  return std::popcount(index) % 2 == 0 ? Side::base : Side::head;
}

}  // namespace evalzip
