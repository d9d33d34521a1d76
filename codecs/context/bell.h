// What a predicted number says of the bits of the true one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "codecs/context/squash.h"

namespace evalzip {

namespace bell_tables {

inline constexpr int kSteps = 16;                   // to a unit of the logistic distribution
inline constexpr int kMost = 20 * kSteps;           // its tails are even behind it
inline constexpr double kMass = 281474976710656.0;  // 2^48: the whole distribution

// The mass above k / kSteps. Made by the compiler, by multiplications and divisions only, which
// IEEE 754 rounds alike everywhere.
constexpr auto make_above() {
  std::array<std::int64_t, 2 * kMost + 2> table{};
  double exponential = 1.0;  // e^(k / kSteps)
  for (int k = 0; k <= kMost; ++k) {
    const double above = kMass / (1.0 + exponential);
    table[static_cast<std::size_t>(kMost + k)] = static_cast<std::int64_t>(above);
    table[static_cast<std::size_t>(kMost - k)] = static_cast<std::int64_t>(kMass - above);
    exponential *= 1.0644944589178593;  // e^(1 / 16)
  }
  table[2 * kMost + 1] = table[2 * kMost];
  return table;
}

inline constexpr auto kAbove = make_above();

}  // namespace bell_tables

// A logistic distribution around the predicted number, over a bed that is the same everywhere and
// stands for all surprises. Its bits are asked for from the highest on; each halves the interval in
// which the number lies, and its probability is the share of the halves' masses. Integers only.
class Bell {
 public:
  static constexpr int kFraction = 8;              // predictions are in units of 1/8
  static constexpr std::int64_t kScaleUnit = 128;  // scales of 1/128

  // `bits` of the number, at most 32.
  void aim(unsigned bits, std::int64_t prediction, std::int64_t scale) {
    center_ = prediction;
    factor_ = (std::int64_t{bell_tables::kSteps} * 256 * (kScaleUnit / kFraction) << kShift) /
              std::max<std::int64_t>(scale, 1);
    low_ = 0;
    size_ = std::int64_t{1} << bits;
    bed_shift_ = 48 - kBedBits - bits;
    low_place_ = place(low_);
    high_place_ = place(size_);
  }

  // The log odds that the next bit is a one, in units of squash.h.
  int log_odds() {
    const std::int64_t half = size_ / 2;
    middle_place_ = place(low_ + half);
    const bool upper = middle_place_ >= 0;
    const std::int64_t below = mass(low_place_, middle_place_, upper) + bed(half);
    const std::int64_t above = mass(middle_place_, high_place_, upper) + bed(half);
    const std::int64_t p = (above << 12) / (above + below + 1);
    return stretch(static_cast<std::uint32_t>(p));
  }

  // After log_odds().
  void learn(bool bit) {
    size_ /= 2;
    if (bit) low_ += size_;
    (bit ? low_place_ : high_place_) = middle_place_;
  }

 private:
  static constexpr int kShift = 12;
  static constexpr unsigned kBedBits = 13;  // its share of the mass: 2^-13

  std::int64_t bed(std::int64_t size) const { return size << bed_shift_; }

  // Where the lower edge of a number lies, in 1/256 of a step of the table.
  std::int64_t place(std::int64_t number) const {
    constexpr std::int64_t kEnd = std::int64_t{bell_tables::kMost} * 256;
    const std::int64_t distance = number * kFraction - kFraction / 2 - center_;
    return std::clamp(distance * factor_ >> kShift, -kEnd, kEnd);
  }

  static std::int64_t above(std::int64_t place) {
    const auto shifted = static_cast<std::size_t>(place + std::int64_t{bell_tables::kMost} * 256);
    const std::int64_t first = bell_tables::kAbove[shifted >> 8];
    const std::int64_t second = bell_tables::kAbove[(shifted >> 8) + 1];
    return first + (second - first) / 256 * static_cast<std::int64_t>(shifted & 255u);
  }

  // Seen from the side on which the differences are not lost in rounding.
  static std::int64_t mass(std::int64_t from, std::int64_t to, bool upper) {
    return upper ? above(from) - above(to) : above(-to) - above(-from);
  }

  std::int64_t center_ = 0, factor_ = 0;
  std::int64_t low_ = 0, size_ = 1;
  std::int64_t low_place_ = 0, middle_place_ = 0, high_place_ = 0;
  unsigned bed_shift_ = 0;
};

}  // namespace evalzip
