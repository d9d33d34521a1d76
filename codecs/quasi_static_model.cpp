#include "codecs/quasi_static_model.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace evalzip {
namespace {

// Symbols between updates in the long run. On text, 64 gain 0.05 % of size and cost a tenth of
// the speed; a steady source needs few.
constexpr std::uint32_t kFollowingInterval = 96;
constexpr std::uint32_t kSteadyInterval = 256;
// Symbols after which the weight of a symbol in the short average has fallen to 1/e.
constexpr std::uint32_t kShortWindow = 300;
// Worth of a symbol among the long counts in the long run: their sum stays in [2^15, 2^16), so they
// remember 2^14 to 2^15 symbols.
constexpr std::uint32_t kLeastLongGain = 2;
constexpr std::uint32_t kLeastLongTotal = 1u << 15;
constexpr std::uint32_t kShortTotal = (1u << 16) - 1;

// The uniform start counts as much as this many symbols: a power of two, so that the gain of the
// long counts is one too and halving it is exact.
std::uint32_t prior_weight(std::uint32_t alphabet_size) {
  return std::bit_floor(std::max(1u, alphabet_size / 16));
}

// The upper half of the 32-bit product: one instruction for eight lanes, and GCC and clang know it.
std::uint16_t upper_half(std::uint16_t count, std::uint16_t factor) {
  return static_cast<std::uint16_t>(std::uint32_t{count} * std::uint32_t{factor} >> 16);
}

}  // namespace

QuasiStaticModel::QuasiStaticModel(std::uint32_t alphabet_size, Pace pace)
    : size_(alphabet_size),
      pace_(pace),
      long_total_(kLeastLongTotal),
      long_gain_(kLeastLongTotal / prior_weight(alphabet_size)) {
  recent_.fill(0);
  long_.fill(0);
  short_.fill(0);
  std::fill_n(long_.begin(), size_, static_cast<std::uint16_t>(kLeastLongTotal / size_));
  std::fill_n(short_.begin(), size_, static_cast<std::uint16_t>(kShortTotal / size_));
  interval_ = 0;
  remake(0);
}

void QuasiStaticModel::remake(Symbol latest) {
  const Change change = next_change();
  Counts widths;
  const std::uint16_t sum = pace_ == Pace::following ? apply<Pace::following>(change, widths)
                                                     : apply<Pace::steady>(change, widths);
  // All products are rounded down, so a little is left of the total: the latest symbol gets it.
  // That favours each symbol as often as it is seen, which to first order costs nothing.
  widths[latest] = static_cast<std::uint16_t>(widths[latest] - sum);
  table_.assign(widths, size_);

  const std::uint32_t longest = pace_ == Pace::following ? kFollowingInterval : kSteadyInterval;
  seen_ = std::min(seen_ + interval_, kShortWindow);
  interval_ = std::clamp(seen_, 1u, longest);
  left_ = interval_;
}

QuasiStaticModel::Change QuasiStaticModel::next_change() {
  Change change{};
  // Halving the counts and the gain together keeps all that was counted, at a coarser scale; once
  // the gain is at its least, halving the counts alone forgets the older half.
  while (long_total_ + interval_ * long_gain_ >= 2 * kLeastLongTotal) {
    long_total_ /= 2;
    long_gain_ = std::max(long_gain_ / 2, kLeastLongGain);
    ++change.long_halvings;
  }
  change.long_gain = static_cast<std::uint16_t>(long_gain_);
  long_total_ += interval_ * long_gain_;
  assert(long_total_ >= kLeastLongTotal);  // so that the share below fits in 16 bits

  // The average of everything seen while that is less than the window.
  const std::uint32_t gain =
      kShortTotal / (std::min(seen_ + prior_weight(size_), kShortWindow) + interval_);
  change.short_gain = static_cast<std::uint16_t>(gain);
  change.short_kept = static_cast<std::uint16_t>(
      (std::uint64_t{kShortTotal - interval_ * gain} << 16) / (kShortTotal + 1));

  // Each symbol gets 1 so that it can be coded; of what is left, each estimate shares out a half.
  const std::uint32_t half = (IntervalTable::kTotal - size_) / 2;
  change.long_share = static_cast<std::uint16_t>((half << 16) / long_total_);
  change.short_share = static_cast<std::uint16_t>((half << 16) / kShortTotal);
  return change;
}

// Returns the sum of the widths. Written so that compilers make it eight or more symbols at a time;
// the alphabet is filled up to whole vectors by symbols that never come: their counts stay 0, their
// width is 1, and they have no place in the table.
template <QuasiStaticModel::Pace kPace>
std::uint16_t QuasiStaticModel::apply(const Change change, Counts& widths) {
  const std::uint32_t filled_up = (size_ + 15) / 16 * 16;
  std::uint16_t sum = static_cast<std::uint16_t>(size_ - filled_up);
  std::uint32_t i = 0;
  do {
    const std::uint16_t recent = recent_[i];
    recent_[i] = 0;
    long_[i] = static_cast<std::uint16_t>((long_[i] >> change.long_halvings) +
                                          static_cast<std::uint16_t>(recent * change.long_gain));
    const std::uint16_t of_long = upper_half(long_[i], change.long_share);
    std::uint16_t second = of_long;
    if constexpr (kPace == Pace::following) {
      short_[i] = static_cast<std::uint16_t>(upper_half(short_[i], change.short_kept) +
                                             recent * change.short_gain);
      second = upper_half(short_[i], change.short_share);
    }
    widths[i] = static_cast<std::uint16_t>(1 + of_long + second);
    sum = static_cast<std::uint16_t>(sum + widths[i]);
  } while (++i < filled_up);
  return sum;
}

}  // namespace evalzip
