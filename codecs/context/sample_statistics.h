// Finds samples in bytes that no header tells of.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "codecs/context/content.h"

namespace evalzip {

// The size of samples that explains the bytes best, how many make a pixel, their order; the size of
// the segment is how many bytes it was asked about, less `skip` bytes at the beginning.
struct SampleGuess {
  Segment segment;
  std::size_t skip = 0;
};

// Nothing where numbers are no better than bytes. Cheap, and right only mostly: what it guesses is
// to be tried.
std::optional<SampleGuess> guess_samples(std::span<const std::uint8_t> bytes);

// The number of bytes in a row of such samples; 0 where no distance stands out.
std::uint32_t guess_row(std::span<const std::uint8_t> bytes, const Segment& segment);

}  // namespace evalzip
