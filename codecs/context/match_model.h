// What followed the last time: the longest-standing predictor of repeats.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "codecs/context/adaptive_probability.h"
#include "codecs/context/byte_history.h"
#include "codecs/context/zeroed_memory.h"

namespace evalzip {

// Looks up where the last `minimum` bytes occurred before, verifies it, and follows that place for
// as long as it predicts rightly. How far the bytes before agree tells how much it is worth, which
// is learned.
class MatchModel {
 public:
  static constexpr unsigned kBuckets = 28;  // of lengths; 0 is no match

  MatchModel(unsigned minimum, unsigned index_bits);
  static std::size_t bytes(unsigned index_bits) { return sizeof(std::uint32_t) << index_bits; }

  // After history.advance(): asks for the memory that next_byte will read.
  void look_ahead(const ByteHistory& history) {
    if (history.position < minimum_) return;
    hash_ = hash_of(history);
    __builtin_prefetch(index() + hash_, 1);
  }

  // As soon as all but the last bit of the byte are known: asks for the memory of both that it may
  // be. look_ahead() is called all the same.
  void ask_for_both(ByteHistory history, std::uint32_t node) const {
    const std::uint64_t before = history.recent;
    if (++history.position < minimum_) return;
    for (std::uint32_t bit = 0; bit < 2; ++bit) {
      history.recent = before << 8 | ((2 * node + bit) & 0xffu);
      __builtin_prefetch(index() + hash_of(history), 1);
    }
  }

  // After look_ahead().
  void next_byte(const ByteHistory& history);

  // The same for a byte that is not predicted: only remembers where it was.
  void skip_byte(const ByteHistory& history);

  // The place that was followed is of no use now.
  void forget();

  // Prepares the next bit, whose byte so far is `node` (a 1, then its bits).
  void prepare(std::uint32_t node, unsigned bits_known) {
    used_ = nullptr;
    if (length_ == 0) return;
    if (expected_ >> (8 - bits_known) != node) {
      length_ = 0;
      return;
    }
    used_ = &learned_[2 * bucket_ + (expected_ >> (7 - bits_known) & 1u)];
  }

  // Whether there is a prediction for the bit, and of what; how often it came true.
  bool predicts() const { return used_ != nullptr; }
  const AdaptiveProbability& probability() const { return *used_; }
  void update(bool bit) {
    if (used_ != nullptr) used_->update(bit, 1023);
  }

  // What is followed: all that differs between the parts of a block that share a model.
  struct Cursor {
    std::size_t place = 0, length = 0;
    std::uint32_t expected = 0;
  };
  void exchange(Cursor& cursor) {
    std::swap(place_, cursor.place);
    std::swap(length_, cursor.length);
    std::swap(expected_, cursor.expected);
  }

  // By length; 0 if the bits of this byte have contradicted it.
  unsigned bucket() const { return used_ != nullptr ? bucket_ : 0; }
  // The byte that followed, plus 256; 0 without a match.
  std::uint32_t expected_byte() const { return length_ > 0 ? expected_ : 0; }
  std::size_t length() const { return length_; }

 private:
  static constexpr std::size_t kLongest = 400;

  std::uint32_t* index() const { return reinterpret_cast<std::uint32_t*>(index_.begin()); }
  std::uint32_t hash_of(const ByteHistory& history) const;
  static std::size_t agreement(const ByteHistory& history, std::size_t place);

  unsigned minimum_, shift_;
  std::uint32_t hash_ = 0;
  ZeroedMemory
      index_;  // where bytes of this hash were last followed, plus 0: position 0 is never one
  std::size_t place_ = 0, length_ = 0;
  std::uint32_t expected_ = 0;
  unsigned bucket_ = 0;
  AdaptiveProbability* used_ = nullptr;
  std::array<AdaptiveProbability, std::size_t{2} * kBuckets> learned_;  // [bucket][expected bit]
};

}  // namespace evalzip
