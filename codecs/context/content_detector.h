// Tells of what kind the parts of a block are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/content.h"

namespace evalzip {

// Segments that tile the block. A guess: a wrong one costs code length only. Integers only, so it
// is the same on every machine. Empty for an empty block.
std::vector<Segment> detect_content(std::span<const std::uint8_t> block);

// The same, whatever headers say: no samples.
std::vector<Segment> detect_without_headers(std::span<const std::uint8_t> block);

// Whether bytes that are said to be samples look like something else, and not like numbers.
bool contradicts_samples(std::span<const std::uint8_t> bytes);

}  // namespace evalzip
