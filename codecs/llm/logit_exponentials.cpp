#include "codecs/llm/logit_exponentials.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "codecs/llm/lanes.h"

namespace evalzip {

unsigned LogitExponentials::shift() const {
  constexpr int kSumBits = 31;
  return static_cast<unsigned>(std::max(static_cast<int>(std::bit_width(sum)) - kSumBits, 0));
}

void clear_padding(std::span<std::int16_t> logits, std::size_t vocabulary) {
  std::ranges::fill(logits.subspan(vocabulary), INT16_MIN);
}

LogitExponentials exponentiate(std::span<const std::int16_t> logits, std::size_t vocabulary,
                               const RowKernels& kernels, std::int32_t* exponentials) {
  assert(logits.size() == lanes::round_up(vocabulary));
  const std::int16_t largest = kernels.largest_logit(logits.data(), logits.size());
  return {largest, kernels.exponentials(logits.data(), vocabulary, largest, exponentials)};
}

}  // namespace evalzip
