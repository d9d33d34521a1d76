// Samples as their models see them: the highest byte first, and counted from the lowest value.
#pragma once

#include <cstdint>
#include <span>

#include "codecs/context/content.h"

namespace evalzip {

// Turns samples of several bytes around if they begin with their lowest, and flips the sign bit of
// signed ones, so that neighbouring values stay so around zero. The second undoes the first. Bytes
// at the end that are no whole sample stay.
void to_ordered_samples(std::span<std::uint8_t> bytes, const Segment& segment);
void from_ordered_samples(std::span<std::uint8_t> bytes, const Segment& segment);

inline bool has_ordered_samples(const Segment& segment) {
  return !segment.little_endian && !segment.is_signed;
}

}  // namespace evalzip
