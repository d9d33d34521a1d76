// Finds numbers among what is binary, and tries whether they are worth it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/content.h"
#include "codecs/context/content_trial.h"

namespace evalzip {

// Binary segments that tile the bytes, with runs between them, as segments of samples and others.
std::vector<Segment> choose_for_binary(std::span<const std::uint8_t> bytes,
                                       std::span<const Segment> segments, TrialBudget& budget);

}  // namespace evalzip
