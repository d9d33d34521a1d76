#include "codecs/llm/sorted_counts.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "codecs/llm/lanes.h"

namespace evalzip {

void SortedCounts::assign(std::span<std::int16_t> logits, std::size_t vocabulary,
                          const SortedVocabulary& sorted, const RowKernels& kernels,
                          Scratch& exponentials) {
  constexpr int kSumBits = 31;
  assert(logits.size() == lanes::round_up(vocabulary));
  std::fill(logits.begin() + static_cast<std::ptrdiff_t>(vocabulary), logits.end(), INT16_MIN);
  exponentials.resize(logits.size());
  const std::int16_t largest = kernels.largest_logit(logits.data(), logits.size());
  const std::uint64_t all =
      kernels.exponentials(logits.data(), vocabulary, largest, exponentials.data());
  const int shift = std::max(static_cast<int>(std::bit_width(all)) - kSumBits, 0);
  const std::span<const Symbol> tokens = sorted.tokens();
  sums_.resize(tokens.size() + 1);
  std::uint32_t sum = 0;
  for (std::size_t place = 0; place < tokens.size(); ++place) {
    sums_[place] = sum;
    sum += 1 + (static_cast<std::uint32_t>(exponentials[tokens[place]]) >> shift);
  }
  sums_[tokens.size()] = sum;
}

}  // namespace evalzip
