// Tries sets of contexts on a part of the bytes they are for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/context/content.h"

namespace evalzip {

// How many bytes may still be tried. All trials of a block take their share of it before they
// begin, and are left out where it is spent.
class TrialBudget {
 public:
  explicit TrialBudget(std::size_t block_size) : left_(block_size / 6 + kLeast) {}

  // Takes that of trying `sets` sets on `bytes` bytes, if there is enough.
  bool take(std::size_t sets, std::size_t bytes);

 private:
  static constexpr std::size_t kLeast = 96 << 10;
  std::size_t left_;
};

// Less is not tried.
inline constexpr std::size_t kSmallestTried = std::size_t{1} << 12;

// The code length in bits of a part of the bytes, an eighth or so from their middle, as a segment
// of its own.
double trial_bits(std::span<const std::uint8_t> bytes, Segment segment);

// How many bytes that part has.
std::size_t trial_size(std::size_t size);

}  // namespace evalzip
