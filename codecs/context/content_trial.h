// Tries sets of contexts on a part of the bytes they are for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/context/content.h"

namespace evalzip {

// The code length in bits of a part of the bytes, an eighth or so from their middle, as a segment
// of its own.
double trial_bits(std::span<const std::uint8_t> bytes, Segment segment);

// How many bytes that part has.
std::size_t trial_size(std::size_t size);

}  // namespace evalzip
