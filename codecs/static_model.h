// A model that never changes: a symbol's probability is its share of the block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/entropy_model.h"
#include "codecs/interval_table.h"

namespace evalzip {

class StaticModel {
 public:
  static constexpr unsigned kTotalBits = IntervalTable::kTotalBits;
  using Widths = IntervalTable::Widths;

  // Widths of intervals in proportion to the counts. 2 to 256 symbols, at least two of them
  // counted; one that was not counted still gets its least width of 1.
  static Widths widths_of(std::span<const std::uint64_t> counts);

  // The first `size` widths, 2 <= size <= 256, each > 0, with the sum 2^16.
  StaticModel(const Widths& widths, std::size_t size) {
    table_.assign(widths, static_cast<std::uint32_t>(size));
  }

  std::uint32_t total() const { return IntervalTable::kTotal; }
  Interval interval(Symbol symbol) const { return table_.interval(symbol); }
  Symbol find(std::uint32_t point) const { return table_.find(point); }
  void update(Symbol) {}

 private:
  IntervalTable table_;
};

static_assert(PowerOfTwoModel<StaticModel>);

}  // namespace evalzip
