// Tells kinds of text apart, and tries whether that is worth it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/content.h"

namespace evalzip {

// A segment of text as segments of text, markup and other languages.
std::vector<Segment> choose_for_text(std::span<const std::uint8_t> bytes);

}  // namespace evalzip
