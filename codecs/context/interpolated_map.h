// A second look at a probability: what was true in this context when it was predicted before.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/context/squash.h"
#include "codecs/context/zeroed_memory.h"

namespace evalzip {

// For each context the true probabilities at 32 predicted ones, evenly spaced in log odds, with
// straight lines between them: secondary symbol estimation (Bloom 1998), in Mahoney's form for bits
// (paq7). A context takes one cache line, which is asked for before it is needed.
class InterpolatedMap {
 public:
  explicit InterpolatedMap(std::size_t contexts) : points_(bytes(contexts)) {
    for (std::size_t i = 0; i < kPoints * contexts; ++i) {
      const int place = static_cast<int>(i % kPoints);
      table()[i] = static_cast<std::uint16_t>(squash((2 * place - 31) * kMostStretch / 31));
    }
  }

  static std::size_t bytes(std::size_t contexts) {
    return contexts * kPoints * sizeof(std::uint16_t);
  }

  void select(std::size_t context) {
    row_ = context * kPoints;
    __builtin_prefetch(table() + row_, 1);
  }

  // In units of 2^-16, of a one, where `log_odds` was predicted.
  std::uint32_t refine(int log_odds) {
    constexpr std::uint32_t kScale = ((kPoints - 1) << 20) / (2 * kMostStretch);
    const std::uint32_t place = static_cast<std::uint32_t>(log_odds + kMostStretch) * kScale >> 8;
    const std::uint32_t upper = place & 4095u;
    const std::uint16_t* const point = table() + row_ + (place >> 12);
    nearest_ = row_ + (place >> 12) + (upper >> 11);
    return (point[0] * (4096 - upper) + point[1] * upper) >> 12;
  }

  // The nearer of the two points moves 2^-rate of its way.
  void update(bool bit, unsigned rate) {
    std::uint16_t& point = table()[nearest_];
    const int target = bit ? 65535 : 0;
    point = static_cast<std::uint16_t>(point + ((target - point) >> rate));
  }

 private:
  static constexpr std::size_t kPoints = 32;

  std::uint16_t* table() { return reinterpret_cast<std::uint16_t*>(points_.begin()); }

  ZeroedMemory points_;
  std::size_t row_ = 0, nearest_ = 0;
};

}  // namespace evalzip
