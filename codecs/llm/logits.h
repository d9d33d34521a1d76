// What a language model says of the next token.
#pragma once

#include <cstdint>
#include <span>

namespace evalzip {

// A logit for each token, in units of 1/256 of a factor 2, and the largest of them.
struct Logits {
  std::span<const std::int16_t> values;
  std::int16_t largest;
};

}  // namespace evalzip
