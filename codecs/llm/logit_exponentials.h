// What counts are made of: the exponentials of logits, as token_counts.h defines them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/llm/row_kernels.h"

namespace evalzip {

struct LogitExponentials {
  std::int16_t largest;  // of the logits
  std::uint64_t sum;

  // The least that keeps the sum of (exponential >> shift) below 2^31.
  unsigned shift() const;
};

// Makes padding, which may hold anything, such that kernels take no notice of it.
void clear_padding(std::span<std::int16_t> logits, std::size_t vocabulary);

// Of whole lanes of logits, of which those behind the first `vocabulary` are cleared. There is room
// for as many exponentials.
LogitExponentials exponentiate(std::span<const std::int16_t> logits, std::size_t vocabulary,
                               const RowKernels& kernels, std::int32_t* exponentials);

// No token is impossible.
inline std::uint32_t count_of(std::int32_t exponential, unsigned shift) {
  return 1 + (static_cast<std::uint32_t>(exponential) >> shift);
}

}  // namespace evalzip
