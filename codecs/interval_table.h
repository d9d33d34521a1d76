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
    std::uint32_t low = 0;
    for (std::size_t symbol = 0; symbol < widths.size(); ++symbol) {
      entries_[symbol] = low | std::uint32_t{widths[symbol]} << kTotalBits;
      low += widths[symbol];
    }
    assert(low == kTotal);
    size_ = static_cast<std::uint32_t>(widths.size());
    first_is_stale_ = true;
  }

  Interval interval(Symbol symbol) const {
    const std::uint32_t entry = entries_[symbol];
    return {.low = entry & (kTotal - 1), .width = entry >> kTotalBits};
  }

  // The symbol whose interval contains the point.
  Symbol find(std::uint32_t point) const {
    if (first_is_stale_) [[unlikely]]
      find_first();
    Symbol symbol = first_[point / kSlice];
    // Mostly no step: the processor goes on with the first guess while the comparison is pending.
    while (point - (entries_[symbol] & (kTotal - 1)) >= entries_[symbol] >> kTotalBits) ++symbol;
    return symbol;
  }

 private:
  static constexpr std::uint32_t kSlices = 256;
  static constexpr std::uint32_t kSlice = kTotal / kSlices;

  // For each slice of [0, total), the symbol that owns its first point. A symbol writes eight
  // entries at a time and the symbols after it overwrite what is theirs.
  void find_first() const {
    std::uint32_t slice = 0;
    for (Symbol symbol = 0; symbol < size_; ++symbol) {
      const Interval owned = interval(symbol);
      const std::uint32_t end = (owned.low + owned.width + kSlice - 1) / kSlice;
      const std::uint64_t eight = symbol * 0x0101010101010101u;
      do {
        std::memcpy(&first_[slice], &eight, sizeof eight);
        slice += sizeof eight;
      } while (slice < end);
      slice = end;
    }
    first_is_stale_ = false;
  }

  std::array<std::uint32_t, 256> entries_;  // low in the lower half, width in the upper
  std::uint32_t size_ = 0;
  // What find() needs, made when it is first asked: an encoder never pays for it.
  mutable bool first_is_stale_ = true;
  mutable std::array<std::uint8_t, kSlices + sizeof(std::uint64_t)> first_;
};

}  // namespace evalzip
