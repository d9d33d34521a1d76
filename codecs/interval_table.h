// The intervals of a whole alphabet of up to 256 symbols, tiling [0, 2^16), with a fast search.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>

#include "codecs/entropy_model.h"

namespace evalzip {

// The total is 2^16 and the alphabet has 2 to 256 symbols, so each width fits in 16 bits.
class IntervalTable {
 public:
  static constexpr unsigned kTotalBits = 16;
  static constexpr std::uint32_t kTotal = 1u << kTotalBits;

  using Widths = std::array<std::uint16_t, 256>;

  // The first `size` widths, each > 0, their sum kTotal. What lies behind them does not matter.
  void assign(const Widths& widths, std::uint32_t size) {
    size_ = size;
    low_[0] = 0;
    Eight below{};
    for (std::uint32_t symbol = 0; symbol < size; symbol += kLanes) {
      Eight sum;
      std::memcpy(&sum, &widths[symbol], sizeof sum);
      sum += __builtin_shufflevector(sum, Eight{}, 8, 0, 1, 2, 3, 4, 5, 6);
      sum += __builtin_shufflevector(sum, Eight{}, 8, 8, 0, 1, 2, 3, 4, 5);
      sum += __builtin_shufflevector(sum, Eight{}, 8, 8, 8, 8, 0, 1, 2, 3);
      sum += below;
      const auto wide = __builtin_convertvector(sum, EightWide);
      std::memcpy(&low_[symbol + 1], &wide, sizeof wide);
      below = __builtin_shufflevector(sum, sum, 7, 7, 7, 7, 7, 7, 7, 7);
    }
    assert(low_[size_] == 0);  // of the total, 16 bits
    std::fill_n(&low_[size_], kLanes, kTotal);
    if (searchable_) index();
  }

  Interval interval(Symbol symbol) const {
    return {.low = low_[symbol], .width = low_[symbol + 1] - low_[symbol]};
  }

  // From now on there is no find(), which an assign() then does not prepare for.
  void encode_only() { searchable_ = false; }

  // The symbol whose interval contains the point.
  Symbol find(std::uint32_t point) const {
    assert(searchable_);
    Symbol symbol = first_[point / kSlice];
    // Mostly no step: the processor goes on with the first guess while the comparison is pending.
    if (point >= low_[symbol + 1]) [[unlikely]] {
      // How many steps, it could not guess: those of many symbols are counted at once.
      std::uint32_t steps;
      do {
        steps = 0;
        for (std::uint32_t next = 1; next <= kLanes; ++next) steps += point >= low_[symbol + next];
        symbol += steps;
      } while (steps == kLanes);
    }
    return symbol;
  }

 private:
  static constexpr std::uint32_t kLanes = 8;
  static constexpr std::uint32_t kSlices = 512;
  static constexpr std::uint32_t kSlice = kTotal / kSlices;
  using Eight [[gnu::vector_size(2 * kLanes)]] = std::uint16_t;
  using EightWide [[gnu::vector_size(4 * kLanes)]] = std::uint32_t;
  using Run [[gnu::vector_size(16)]] = std::uint8_t;

  // For each slice of [0, total), the symbol that owns its first point. A symbol writes many
  // entries at once and the symbols after it overwrite what is theirs: how many it owns, a
  // processor could not predict.
  void index() {
    std::uint32_t slice = 0;
    Run run{};
    for (Symbol symbol = 0; symbol < size_; ++symbol, run += 1) {
      const std::uint32_t end = (low_[symbol + 1] + kSlice - 1) / kSlice;
      std::memcpy(&first_[slice], &run, sizeof run);
      for (slice += sizeof run; slice < end; slice += sizeof run) {
        std::memcpy(&first_[slice], &run, sizeof run);
      }
      slice = end;
    }
  }

  // And the total behind the last symbol, as often as find() may look at once.
  std::array<std::uint32_t, 256 + kLanes> low_;
  std::uint32_t size_ = 0;
  bool searchable_ = true;
  std::array<std::uint8_t, kSlices + sizeof(Run)> first_;
};

}  // namespace evalzip
