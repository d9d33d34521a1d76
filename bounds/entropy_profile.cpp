#include "bounds/entropy_profile.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "bounds/byte_counts.h"
#include "bounds/context_tally.h"

namespace evalzip {
namespace {

// The code length of bytes under adaptive order-1 statistics, as arithmetic coding with counts
// would have it: each byte value starts with a count of 1/16 in each context, which suits contexts
// with few successors better than Laplace's 1.
class AdaptiveCost {
 public:
  AdaptiveCost() : counts_(1 << 16, 0) {}

  double bits_of(Bytes bytes) {
    double bits = 0;
    for (const std::byte byte : bytes) {
      const auto symbol = std::to_integer<std::size_t>(byte);
      std::uint32_t& count = counts_[context_ << 8 | symbol];
      bits += std::log2((totals_[context_] + 256 * kFirstCount) / (count + kFirstCount));
      ++count;
      ++totals_[context_];
      context_ = symbol;
    }
    return bits;
  }

 private:
  static constexpr double kFirstCount = 1.0 / 16;
  std::vector<std::uint32_t> counts_;
  std::array<std::uint32_t, 256> totals_{};
  std::size_t context_ = 0;
};

double order_0_bits(Bytes window) {
  const ByteCounts counts = byte_counts(window);
  std::vector<SymbolCount> successors;
  for (std::uint32_t symbol = 0; symbol < 256; ++symbol) {
    if (counts[symbol] > 0) successors.push_back({symbol, counts[symbol]});
  }
  ContextTally tally;
  tally.add(successors);
  return tally.statistics().empirical_bits;
}

// Marks the bytes of long matches window by window; a match may begin in an earlier one.
class RepeatedShare {
 public:
  explicit RepeatedShare(std::span<const std::uint32_t> matches) : matches_(matches) {}

  double of(std::uint64_t offset, std::uint64_t size) {
    if (offset + size > matches_.size()) return -1;
    std::uint64_t covered = 0;
    for (std::uint64_t place = offset; place < offset + size; ++place) {
      if (matches_[place] >= kLongMatch) end_ = std::max(end_, place + matches_[place]);
      covered += place < end_ ? 1 : 0;
    }
    return static_cast<double>(covered) / static_cast<double>(size);
  }

 private:
  std::span<const std::uint32_t> matches_;
  std::uint64_t end_ = 0;  // of the match that reaches furthest
};

}  // namespace

std::vector<ProfileWindow> entropy_profile(Bytes document, std::span<const std::uint32_t> matches,
                                           std::size_t windows) {
  std::vector<ProfileWindow> profile;
  const std::size_t step = std::max<std::size_t>(1, (document.size() + windows - 1) / windows);
  AdaptiveCost adaptive;
  RepeatedShare repeated(matches);
  for (std::size_t offset = 0; offset < document.size(); offset += step) {
    const Bytes bytes = document.subspan(offset, std::min(step, document.size() - offset));
    profile.push_back({.offset = offset,
                       .size = bytes.size(),
                       .local_bits = order_0_bits(bytes),
                       .adaptive_bits = adaptive.bits_of(bytes),
                       .repeated_share = repeated.of(offset, bytes.size())});
  }
  return profile;
}

}  // namespace evalzip
