#include "codecs/quasi_static_model.h"

#include <algorithm>

namespace evalzip {
namespace {

// Symbols between updates in the long run. Half as many gain 0.1 % of size on text.
constexpr std::uint32_t kInterval = 64;
// Symbols after which the weight of a symbol in the short average has fallen to 1/e.
constexpr std::uint32_t kShortWindow = 300;
// Worth of a symbol among the long counts in the long run: their sum stays in [2^15, 2^16), so they
// remember 2^14 to 2^15 symbols.
constexpr std::uint32_t kLeastLongGain = 2;
constexpr std::uint32_t kLeastLongTotal = 1u << 15;
constexpr std::uint32_t kShortTotal = (1u << 16) - 1;

// The uniform start counts as much as this many symbols.
std::uint32_t prior_weight(std::uint32_t alphabet_size) { return std::max(1u, alphabet_size / 16); }

std::uint16_t upper_half(std::uint32_t count, std::uint32_t factor) {
  return static_cast<std::uint16_t>(count * factor >> 16);
}

}  // namespace

QuasiStaticModel::QuasiStaticModel(std::uint32_t alphabet_size, Pace pace)
    : size_(alphabet_size),
      pace_(pace),
      long_total_(kLeastLongTotal),
      long_gain_(kLeastLongTotal / prior_weight(alphabet_size)) {
  recent_.fill(0);
  long_.fill(static_cast<std::uint16_t>(kLeastLongTotal / size_));
  short_.fill(static_cast<std::uint16_t>(kShortTotal / size_));
  make_intervals(0);
}

void QuasiStaticModel::remake(Symbol latest) {
  update_long_window();
  if (pace_ == Pace::following) update_short_window();
  std::fill_n(recent_.begin(), size_, std::uint16_t{0});
  make_intervals(latest);
  seen_ = std::min(seen_ + interval_, kShortWindow);
  interval_ = std::min(seen_, kInterval);
  left_ = interval_;
}

// Halving the counts and the gain together keeps all that was counted, at a coarser scale; once the
// gain is at its least, halving the counts alone forgets the older half.
void QuasiStaticModel::update_long_window() {
  unsigned halvings = 0;
  while (long_total_ + interval_ * long_gain_ >= 2 * kLeastLongTotal) {
    long_total_ /= 2;
    long_gain_ = std::max(long_gain_ / 2, kLeastLongGain);
    ++halvings;
  }
  long_total_ += interval_ * long_gain_;
  for (std::uint32_t i = 0; i < size_; ++i) {
    long_[i] = static_cast<std::uint16_t>((long_[i] >> halvings) + recent_[i] * long_gain_);
  }
}

// The average of everything seen while that is less than the window.
void QuasiStaticModel::update_short_window() {
  const std::uint32_t gain =
      kShortTotal / (std::min(seen_ + prior_weight(size_), kShortWindow) + interval_);
  const std::uint32_t kept = ((kShortTotal - interval_ * gain) << 16) / kShortTotal;
  for (std::uint32_t i = 0; i < size_; ++i) {
    short_[i] = static_cast<std::uint16_t>(upper_half(short_[i], kept) + recent_[i] * gain);
  }
}

// Each symbol gets 1 so that it can be coded, and its parts of two halves of what is left. All
// products are rounded down, so a little remains: the latest symbol gets it. That favours each
// symbol as often as it is seen, which to first order costs nothing.
void QuasiStaticModel::make_intervals(Symbol latest) {
  const bool follows = pace_ == Pace::following;
  const Counts& second = follows ? short_ : long_;
  const std::uint32_t half = (IntervalTable::kTotal - size_) / 2 << 16;
  const std::uint32_t first_factor = half / long_total_;
  const std::uint32_t second_factor = half / (follows ? kShortTotal : long_total_);
  Counts widths;
  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < size_; ++i) {
    widths[i] = static_cast<std::uint16_t>(1 + upper_half(long_[i], first_factor) +
                                           upper_half(second[i], second_factor));
    sum += widths[i];
  }
  widths[latest] = static_cast<std::uint16_t>(widths[latest] + IntervalTable::kTotal - sum);
  table_.assign({widths.data(), size_});
}

}  // namespace evalzip
