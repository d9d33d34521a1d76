#include "codecs/llm/byte_tree.h"

#include <algorithm>
#include <span>

#include "codecs/context/squash.h"
#include "codecs/llm/natural_logarithm.h"

namespace evalzip {

void ByteTree::assign(const Logits& logits, const RowKernels& kernels) {
  const std::span<std::uint32_t> bytes = std::span(weights_).subspan(256);
  kernels.exponentials(logits.values.data(), bytes.size(), logits.largest, bytes.data());
  for (std::uint32_t& weight : bytes) weight = 1 + (weight >> 8);
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
