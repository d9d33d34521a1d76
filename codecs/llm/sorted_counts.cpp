#include "codecs/llm/sorted_counts.h"

#include <numeric>

#include "codecs/llm/exponential.h"

namespace evalzip {

void SortedCounts::assign(const Logits& logits, const SortedVocabulary& sorted,
                          const RowKernels& kernels, Scratch& exponentials) {
  exponentials.resize(logits.values.size());
  kernels.exponentials(logits.values.data(), exponentials.size(), logits.largest,
                       exponentials.data());
  const unsigned shift = exponential::shift_for(
      std::accumulate(exponentials.begin(), exponentials.end(), std::uint64_t{0}));
  const std::span<const Symbol> tokens = sorted.tokens();
  sums_.resize(tokens.size() + 1);
  std::uint64_t sum = 0;
  for (std::size_t place = 0; place <= tokens.size(); ++place) {
    sums_[place] = static_cast<std::uint32_t>(place + (sum >> shift));
    if (place < tokens.size()) sum += exponentials[tokens[place]];
  }
}

}  // namespace evalzip
