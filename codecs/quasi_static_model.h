// An adaptive model of up to 256 symbols that is static between rare updates.
#pragma once

#include <array>
#include <cstdint>

#include "codecs/entropy_model.h"
#include "codecs/interval_table.h"

namespace evalzip {

// Counting a symbol is one increment; intervals are made anew from the counts after 1, 2, 4, ...
// and then every kInterval symbols (the quasi-static model of Schindler 1998). Between two updates
// coding is table look-up with a power-of-two total, as fast as a static code.
//
// The probabilities come from counts over a long window, which are right where the source is
// stationary; at the pace `following` they are the mean of these and of an exponential average over
// a short window. The mean is never more than one bit a symbol worse than the better of the two,
// and on text and records it is better than both.
class QuasiStaticModel {
 public:
  static constexpr unsigned kTotalBits = IntervalTable::kTotalBits;

  enum class Pace : std::uint8_t { steady, following };

  // 2 <= alphabet_size <= 256. Starts uniform.
  QuasiStaticModel(std::uint32_t alphabet_size, Pace pace);

  // From now on there is no find(): updates cost less.
  void encode_only() { table_.encode_only(); }

  std::uint32_t total() const { return IntervalTable::kTotal; }
  Interval interval(Symbol symbol) const { return table_.interval(symbol); }
  Symbol find(std::uint32_t point) const { return table_.find(point); }

  void update(Symbol symbol) {
    ++recent_[symbol];
    if (--left_ == 0) [[unlikely]]
      remake(symbol);
  }

 private:
  using Counts = std::array<std::uint16_t, 256>;

  // What an update does to the counts of every symbol.
  struct Change {
    unsigned long_halvings;
    std::uint16_t long_gain;   // for each recent symbol
    std::uint16_t short_kept;  // in 2^-16
    std::uint16_t short_gain;  // for each recent symbol
    std::uint16_t long_share;  // of the total for each count, in 2^-16
    std::uint16_t short_share;
  };

  void remake(Symbol latest);
  Change next_change();
  template <Pace kPace>
  std::uint16_t apply(Change change, Counts& widths);

  std::uint32_t size_;  // of the alphabet
  Pace pace_;
  std::uint32_t left_ = 1;                // symbols to come before the next update
  std::uint32_t interval_ = 1;            // symbols between the last update and the next
  std::uint32_t seen_ = 0;                // symbols so far, no longer counted beyond kShortWindow
  std::uint32_t long_total_, long_gain_;  // bound of the sum of long_; worth of one symbol in it
  IntervalTable table_;
  Counts recent_, long_, short_;
};

static_assert(PowerOfTwoModel<QuasiStaticModel>);

}  // namespace evalzip
