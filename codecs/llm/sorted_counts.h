// The prediction of a token as counts of which ranges can be summed at once.
#pragma once

#include <cstdint>
#include <vector>

#include "codecs/llm/logits.h"
#include "codecs/llm/row_kernels.h"
#include "codecs/llm/sorted_vocabulary.h"

namespace evalzip {

// Counts as in token_counts.h, in the order of a sorted vocabulary.
class SortedCounts {
 public:
  using Scratch = std::vector<std::uint32_t>;  // of a thread

  void assign(const Logits& logits, const SortedVocabulary& sorted, const RowKernels& kernels,
              Scratch& exponentials);

  // Memory for that many tokens; scratch has as much.
  static std::uint64_t bytes(std::size_t vocabulary) { return vocabulary * sizeof(std::uint32_t); }

  std::uint32_t sum(std::uint32_t begin, std::uint32_t end) const {
    return sums_[end] - sums_[begin];
  }
  std::uint32_t total() const { return sums_.back(); }

 private:
  std::vector<std::uint32_t> sums_;  // of all before a place
};

}  // namespace evalzip
