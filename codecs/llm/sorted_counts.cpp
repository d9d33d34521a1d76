#include "codecs/llm/sorted_counts.h"

#include "codecs/llm/logit_exponentials.h"

namespace evalzip {

void SortedCounts::assign(std::span<std::int16_t> logits, std::size_t vocabulary,
                          const SortedVocabulary& sorted, const RowKernels& kernels,
                          Scratch& exponentials) {
  clear_padding(logits, vocabulary);
  exponentials.resize(logits.size());
  const unsigned shift = exponentiate(logits, vocabulary, kernels, exponentials.data()).shift();
  const std::span<const Symbol> tokens = sorted.tokens();
  sums_.resize(tokens.size() + 1);
  std::uint32_t sum = 0;
  for (std::size_t place = 0; place < tokens.size(); ++place) {
    sums_[place] = sum;
    sum += count_of(exponentials[tokens[place]], shift);
  }
  sums_[tokens.size()] = sum;
}

}  // namespace evalzip
