// Adaptive binary decisions through one rANS state: how the frequency tables travel.
//
// A writer and a reader have the same verbs, so one template walks a table for both and the two
// sides cannot differ. rANS is a stack: the writer records the intervals and pushes them in reverse
// when it is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/rans.h"

namespace evalzip {

inline constexpr int kDecisionBits = 12;

// The probability, of 2^12, that a decision is 0; it moves an eighth of the way with the first few
// and a thirty-second with every later decision.
class AdaptiveBit {
 public:
  std::uint32_t zero_width() const { return static_cast<std::uint32_t>(zero_); }
  void learn(bool bit) {
    const int rate = seen_ < 4 ? 2 : seen_ < 24 ? 4 : 5;
    if (seen_ < 24) ++seen_;
    const int target = bit ? kLeast : (1 << kDecisionBits) - kLeast;
    zero_ += (target - zero_) / (1 << rate);
  }

 private:
  static constexpr int kLeast = 24;  // both widths stay positive
  int zero_ = 1 << (kDecisionBits - 1);
  int seen_ = 0;
};

// Keeps its memory from one finish() to the next.
class DecisionWriter {
 public:
  bool bit(AdaptiveBit& model, bool value) {
    const std::uint32_t zero = model.zero_width();
    record(value ? RansInterval{zero, (1u << kDecisionBits) - zero} : RansInterval{0, zero});
    model.learn(value);
    return value;
  }
  // `count` <= 12 bits without a model.
  std::uint32_t raw(int count, std::uint32_t value) {
    if (count > 0) record({value << (kDecisionBits - count), 1u << (kDecisionBits - count)});
    return value;
  }
  // Appends the final state (4 bytes, little-endian) and the words, and forgets the decisions.
  void finish(std::vector<std::uint8_t>& output);

 private:
  // Tables of order 1 take some hundred thousand decisions: four bytes each, not eight.
  void record(RansInterval interval) { intervals_.push_back(interval.low << 16 | interval.width); }

  std::vector<std::uint32_t> intervals_;
  std::vector<std::uint8_t> words_;
};

class DecisionReader {
 public:
  // Reads from the front of `input`; whatever it holds, nothing outside it is touched.
  explicit DecisionReader(std::span<const std::uint8_t> input);

  bool bit(AdaptiveBit& model, bool) {
    const std::uint32_t zero = model.zero_width();
    const std::uint32_t slot = rans_slot(x_, kDecisionBits);
    const bool value = slot >= zero;
    const RansInterval interval =
        value ? RansInterval{zero, (1u << kDecisionBits) - zero} : RansInterval{0, zero};
    drop(interval, slot);
    model.learn(value);
    return value;
  }
  std::uint32_t raw(int count, std::uint32_t) {
    if (count == 0) return 0;
    const std::uint32_t slot = rans_slot(x_, kDecisionBits);
    const std::uint32_t value = slot >> (kDecisionBits - count);
    drop({value << (kDecisionBits - count), 1u << (kDecisionBits - count)}, slot);
    return value;
  }
  // True if the state is back where every writer starts, with no read past the end.
  bool intact() const { return x_ == kRansLowest && !words_.exhausted(); }
  // The first byte after what was read.
  const std::uint8_t* at() const { return words_.at(); }

 private:
  void drop(RansInterval interval, std::uint32_t slot) {
    x_ = rans_pop(x_, interval.width, slot - interval.low, kDecisionBits);
    words_.refill(x_);
  }
  RansWordReader words_;
  std::uint32_t x_ = kRansLowest;
};

}  // namespace evalzip
