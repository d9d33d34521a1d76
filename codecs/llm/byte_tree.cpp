#include "codecs/llm/byte_tree.h"

#include <algorithm>

#include "codecs/context/squash.h"
#include "codecs/llm/logit_exponentials.h"
#include "codecs/llm/natural_logarithm.h"

namespace evalzip {

void ByteTree::assign(std::span<const std::int16_t> logits, const RowKernels& kernels) {
  std::array<std::int32_t, 256> exponentials;
  exponentiate(logits, exponentials.size(), kernels, exponentials.data());
  for (std::size_t i = 0; i < exponentials.size(); ++i) {
    weights_[256 + i] = count_of(exponentials[i], 8);
  }
  for (std::size_t node = 255; node > 0; --node) {
    weights_[node] = weights_[2 * node] + weights_[2 * node + 1];
  }
}

int ByteTree::log_odds(std::uint32_t node) const {
  const std::int64_t difference =
      natural_logarithm(weights_[2 * node + 1]) - natural_logarithm(weights_[2 * node]);
  const auto odds = static_cast<int>((difference + (1 << 11)) >> 12);
  return std::clamp(odds, -kMostStretch, kMostStretch);
}

BitOdds ByteTree::path(std::uint8_t byte) const {
  BitOdds odds;
  for (unsigned bit = 0; bit < odds.size(); ++bit) {
    odds[bit] = static_cast<std::int16_t>(log_odds((256u | byte) >> (8 - bit)));
  }
  return odds;
}

}  // namespace evalzip
