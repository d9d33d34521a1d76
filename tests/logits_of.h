// Logits of a test's own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "codecs/llm/logits.h"

namespace evalzip {

inline Logits logits_of(std::span<const std::int16_t> values) {
  return {.values = values, .largest = *std::ranges::max_element(values)};
}

}  // namespace evalzip
