#include "codecs/llm/byte_tree.h"

#include <algorithm>
#include <bit>

#include "codecs/context/squash.h"

namespace evalzip {
namespace {

constexpr unsigned kFractionBits = 9;

// ln(1 + i / 512) in units of 2^-20, by the series of 2 * artanh(i / (1024 + i)) in integers.
constexpr auto make_logarithms() {
  std::array<std::uint32_t, (1u << kFractionBits) + 1> table{};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const std::uint64_t x = (i << 40) / (1024 + i);  // in units of 2^-40
    const std::uint64_t square = (x >> 20) * (x >> 20);
    std::uint64_t power = x, sum = 0;
    for (std::uint64_t k = 1; k < 16; k += 2) {
      sum += power / k;
      power = (power >> 20) * (square >> 20);
    }
    table[i] = static_cast<std::uint32_t>((2 * sum + (1u << 19)) >> 20);
  }
  return table;
}

constexpr auto kLogarithms = make_logarithms();
constexpr std::int64_t kLogarithmOf2 = 726817;  // in units of 2^-20

// The natural logarithm in units of 2^-20.
std::int64_t logarithm(std::uint32_t x) {
  const auto whole = static_cast<unsigned>(std::bit_width(x)) - 1;
  const std::uint64_t fraction = (std::uint64_t{x} << 32 >> whole) & 0xffffffffu;
  return whole * kLogarithmOf2 + kLogarithms[fraction >> (32 - kFractionBits)];
}

}  // namespace

void ByteTree::assign(std::span<const std::int16_t> logits, const RowKernels& kernels) {
  std::array<std::int32_t, 256> exponentials;
  const std::int16_t largest = kernels.largest_logit(logits.data(), exponentials.size());
  kernels.exponentials(logits.data(), exponentials.size(), largest, exponentials.data());
  for (std::size_t i = 0; i < exponentials.size(); ++i) {
    weights_[256 + i] = 1 + (static_cast<std::uint32_t>(exponentials[i]) >> 8);
  }
  for (std::size_t node = 255; node > 0; --node) {
    weights_[node] = weights_[2 * node] + weights_[2 * node + 1];
  }
}

int ByteTree::log_odds(std::uint32_t node) const {
  const std::int64_t difference = logarithm(weights_[2 * node + 1]) - logarithm(weights_[2 * node]);
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
