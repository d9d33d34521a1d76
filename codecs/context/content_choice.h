// Chooses among the model sets of the strong class.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/content.h"

namespace evalzip {

// What detect_content() found, told apart further: numbers among what is binary, markup and other
// languages among texts. What is guessed is tried on a part of the bytes, and stays only where it
// codes them in fewer bits. A sixth of the block and 96 KiB is the most that is tried.
std::vector<Segment> choose_sets(std::span<const std::uint8_t> block,
                                 const std::vector<Segment>& segments);

}  // namespace evalzip
