// Which characters are letters and which are numbers, as ranges.
#pragma once

#include <span>

namespace evalzip {

struct CharacterRange {
  char32_t first, last;  // both included
};

// In rising order, without touching ranges. unicode_ranges.cpp is written by
// scripts/make_unicode_ranges.py.
std::span<const CharacterRange> letter_ranges();
std::span<const CharacterRange> number_ranges();

}  // namespace evalzip
