// Models of one bit that follow what they see.
#pragma once

#include <algorithm>
#include <cstdint>

#include "codecs/entropy_model.h"

namespace evalzip {

// The mean of a fast and a slow exponential average. The slow one starts as the average of all bits
// so far: its rate goes 1/2, 1/3, ... (in powers of two) down to 1/128.
class AdaptiveBit {
 public:
  static constexpr unsigned kProbabilityBits = 16;

  std::uint32_t probability_of_one() const {
    return std::clamp((std::uint32_t{fast_} + slow_) / 2, 1u, kOne - 1);
  }

  void update(bool bit) {
    fast_ = moved(fast_, bit, std::min(rate_ / 4u, kFastest));
    slow_ = moved(slow_, bit, std::min(rate_ / 4u, kSlowest));
    if (rate_ < 4 * kSlowest) ++rate_;
  }

 private:
  static constexpr std::uint32_t kOne = 1u << kProbabilityBits;
  static constexpr std::uint32_t kFastest = 4, kSlowest = 7;

  static std::uint16_t moved(std::uint32_t probability, bool bit, std::uint32_t shift) {
    if (bit) return static_cast<std::uint16_t>(probability + ((kOne - 1 - probability) >> shift));
    return static_cast<std::uint16_t>(probability - (probability >> shift));
  }

  std::uint16_t fast_ = kOne / 2, slow_ = kOne / 2;
  std::uint8_t rate_ = 4;  // four times the shift that the number of bits seen allows
};

static_assert(BinaryModel<AdaptiveBit>);

// The estimator of Krichevsky and Trofimov (1981): after a zeros and b ones, a one has probability
// (b + 1/2) / (a + b + 1). No source of independent bits costs it more than log2(n) / 2 + 1 bits
// over the best fixed probability in hindsight. Exact: the fractions are doubled to integers. A
// model of the two symbols 0 and 1 whose total is not a power of two.
class KtBit {
 public:
  std::uint32_t total() const { return 2 * (zeros_ + ones_ + 1); }
  Interval interval(Symbol bit) const {
    const std::uint32_t zero_width = 2 * zeros_ + 1;
    return bit == 0 ? Interval{0, zero_width} : Interval{zero_width, 2 * ones_ + 1};
  }
  Symbol find(std::uint32_t point) const { return point < 2 * zeros_ + 1 ? 0 : 1; }

  // Exact for the first 2^30 bits; then older ones count half.
  void update(Symbol bit) {
    ++(bit == 0 ? zeros_ : ones_);
    if (zeros_ + ones_ == kMostCounted) {
      zeros_ /= 2;
      ones_ /= 2;
    }
  }

 private:
  static constexpr std::uint32_t kMostCounted = 1u << 30;

  std::uint32_t zeros_ = 0, ones_ = 0;
};

static_assert(EntropyModel<KtBit>);

}  // namespace evalzip
