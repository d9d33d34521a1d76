// The prediction of a token as counts of which ranges can be summed at once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/row_kernels.h"
#include "codecs/llm/sorted_vocabulary.h"

namespace evalzip {

// Counts as in token_counts.h, in the order of a sorted vocabulary.
class SortedCounts {
 public:
  // `logits` has `vocabulary` numbers and padding to whole lanes, which may hold anything.
  void assign(std::span<std::int16_t> logits, std::size_t vocabulary,
              const SortedVocabulary& sorted, const RowKernels& kernels);

  // Memory for that many tokens.
  static std::uint64_t bytes(std::size_t vocabulary) {
    return vocabulary * (sizeof(std::int32_t) + sizeof(std::uint32_t));
  }

  std::uint32_t sum(std::uint32_t begin, std::uint32_t end) const {
    return sums_[end] - sums_[begin];
  }
  std::uint32_t total() const { return sums_.back(); }

 private:
  AlignedVector<std::int32_t> exponentials_;
  std::vector<std::uint32_t> sums_;  // of all before a place
};

}  // namespace evalzip
