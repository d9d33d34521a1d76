// The intervals of a whole alphabet of up to 256 symbols, tiling [0, 2^16), with a fast search.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <span>

#include "codecs/entropy_model.h"

namespace evalzip {

// The total is 2^16 and the alphabet has 2 to 256 symbols, so each width fits in 16 bits.
class IntervalTable {
 public:
  static constexpr unsigned kTotalBits = 16;
  static constexpr std::uint32_t kTotal = 1u << kTotalBits;

  // Every width > 0, their sum kTotal.
  void assign(std::span<const std::uint16_t> widths) {
    size_ = static_cast<std::uint32_t>(widths.size());
    std::uint32_t low = 0;
    for (std::size_t symbol = 0; symbol < widths.size(); ++symbol) {
      low_[symbol] = low;
      low += widths[symbol];
    }
    assert(low == kTotal);
    low_[size_] = low;
    if (searched_) index();
  }

  Interval interval(Symbol symbol) const {
    return {.low = low_[symbol], .width = low_[symbol + 1] - low_[symbol]};
  }

  // The symbol whose interval contains the point.
  Symbol find(std::uint32_t point) const {
    if (!searched_) [[unlikely]]
      index();
    Symbol symbol = first_[point / kSlice];
    // Mostly no step: the processor goes on with the first guess while the comparison is pending.
    if (point >= low_[symbol + 1]) [[unlikely]]
      do {
        ++symbol;
      } while (point >= low_[symbol + 1]);
    return symbol;
  }

 private:
  static constexpr std::uint32_t kSlices = 512;
  static constexpr std::uint32_t kRun = 16;
  static constexpr std::uint32_t kSlice = kTotal / kSlices;

  // For each slice of [0, total), the symbol that owns its first point. A symbol writes many
  // entries at once and the symbols after it overwrite what is theirs: how many it owns, a
  // processor could not predict.
  void index() const {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    const auto fill_run = [this](std::uint32_t slice, std::uint64_t eight) {
      static_assert(kRun == 2 * sizeof eight);
      std::memcpy(&first_[slice], &eight, sizeof eight);
      std::memcpy(&first_[slice + sizeof eight], &eight, sizeof eight);
    };
    std::uint32_t slice = 0;
    std::uint64_t eight = 0;
    for (std::uint32_t symbol = 1; symbol <= size_; ++symbol, eight += kOnes) {
      const std::uint32_t end = (low_[symbol] + kSlice - 1) / kSlice;
      fill_run(slice, eight);
      for (slice += kRun; slice < end; slice += kRun) fill_run(slice, eight);
      slice = end;
    }
    searched_ = true;
  }

  std::array<std::uint32_t, 257> low_;  // and the total behind the last symbol
  std::uint32_t size_ = 0;
  // What find() needs, kept from its first call on: an encoder never pays for it.
  mutable bool searched_ = false;
  mutable std::array<std::uint8_t, kSlices + kRun> first_;
};

}  // namespace evalzip
