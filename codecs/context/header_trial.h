// Tries whether samples are what a header says.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/content.h"
#include "codecs/context/content_trial.h"

namespace evalzip {

// The segments of a block with those parts of its samples that other sets code in fewer bits
// replaced by what they look like.
std::vector<Segment> try_samples(std::span<const std::uint8_t> block,
                                 const std::vector<Segment>& segments, TrialBudget& budget);

}  // namespace evalzip
