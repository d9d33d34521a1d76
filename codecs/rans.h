// The rANS coder core over integer intervals, scalar: the algorithm every kernel repeats.
//
// Asymmetric numeral systems (Duda 2009) keep the whole message in one integer x, a stack of
// symbols. A symbol that owns [low, low + width) of [0, 2^bits) is pushed by
//
//   x' = (x / width) * 2^bits + low + x % width                                    (push)
//
// so x grows by a factor of 2^bits / width, the inverse of the symbol's probability, and log2 x
// by its information content. It is popped by
//
//   slot = x' % 2^bits lies in the interval of exactly one symbol, and
//   x = width * (x' / 2^bits) + slot - low                                         (pop)
//
// because x' / 2^bits = x / width and slot - low = x % width. Being a stack, it is written from the
// last symbol to the first and read from the first to the last.
//
// Renormalisation (Giesen 2014, "Interleaved entropy coders"): x stays in [2^16, 2^32) and moves 16
// bits at a time. A push needs x < width * 2^(32-bits), or x' would reach 2^32; if it is not, one
// word leaves: x < 2^32 becomes x < 2^16 <= width * 2^(32-bits), so one word is always enough. A
// pop undoes it: x' < 2^16 happens exactly if a word left before that push. (2^16 divides
// 2^32, so the range a push maps to [2^16, 2^32) is exactly what a word's arrival makes: that is
// b-uniqueness.) Since x >= 2^16 and bits <= 15, a pop leaves x >= width * 2 >= 2: one word brings
// it back above 2^16.
//
// Interleaving: lane i of N owns symbols i, i+N, i+2N, ... (order 0) or a segment of the block
// (order 1), each with its own x; all words go to one stream. Within a step the reader takes words
// in lane order, so the writer, going backwards, gives them in reverse lane order. Because who
// needs a word is decided by x alone, no bit is spent on telling.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace evalzip {

inline constexpr std::uint32_t kRansLowest = 1u << 16;  // states live in [kRansLowest, 2^32)
inline constexpr int kRansLeastBits = 10;               // totals are 2^10 to 2^13
inline constexpr int kRansMostBits = 13;
inline constexpr int kRansMostBits1 = 11;  // of order 1

// What a symbol owns of [0, 2^bits). width > 0; width == 2^bits only if low == 0.
struct RansInterval {
  std::uint32_t low, width;
};

// floor(2^(32+bits) / width) + 1, which turns the division of a push into a multiplication
// (Granlund & Montgomery 1994): x / width == (x * m) >> (32 + bits) for every x of a push.
// Proof: m * width = 2^(32+bits) + e with 0 < e <= width, so x * m / 2^(32+bits) exceeds x / width
// by (x / width) * e / 2^(32+bits) <= x / 2^(32+bits); it stays below the next multiple of 1/width
// if x * width < 2^(32+bits), which holds as x < width * 2^(32-bits) and width <= 2^bits. The
// product stays under 2^64 for the same reason.
inline std::uint64_t rans_reciprocal(std::uint32_t width, int bits) {
  return (std::uint64_t{1} << (32 + bits)) / width + 1;
}

// Writes words downwards from an end. The room below must suffice: one word per push.
class RansWordWriter {
 public:
  explicit RansWordWriter(std::uint8_t* end) : at_(end) {}
  // Writes `word` if `wanted` is 1, not if it is 0: without a branch, because which of them is as
  // good as random.
  void put_if(std::uint32_t wanted, std::uint32_t word) {
    const std::uint8_t bytes[2] = {static_cast<std::uint8_t>(word),
                                   static_cast<std::uint8_t>(word >> 8)};
    std::memcpy(at_ - 2, bytes, 2);
    at_ -= 2 * wanted;
  }
  std::uint8_t* at() const { return at_; }

 private:
  std::uint8_t* at_;
};

// The push. `reciprocal` is rans_reciprocal(interval.width, bits).
inline void rans_push(std::uint32_t& x, RansInterval interval, std::uint64_t reciprocal, int bits,
                      RansWordWriter& words) {
  const std::uint32_t full = (x >> (32 - bits)) >= interval.width;
  words.put_if(full, x);
  x >>= 16 * full;
  const auto quotient = static_cast<std::uint32_t>((x * reciprocal) >> (32 + bits));
  // (x / width) * 2^bits + x % width, without the remainder: x + quotient * (2^bits - width).
  x += interval.low + quotient * ((1u << bits) - interval.width);
}

inline std::uint32_t rans_slot(std::uint32_t x, int bits) { return x & ((1u << bits) - 1); }

// The pop, before renormalisation. `slot_in_interval` is slot - low.
inline std::uint32_t rans_pop(std::uint32_t x, std::uint32_t width, std::uint32_t slot_in_interval,
                              int bits) {
  return width * (x >> bits) + slot_in_interval;
}

// A word of the stream, little-endian.
inline std::uint32_t rans_word(const std::uint8_t* at) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint16_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
  return static_cast<std::uint32_t>(at[0]) | static_cast<std::uint32_t>(at[1]) << 8;
}

// Reads words upwards within [at, end). Past the end it answers 0 and remembers.
class RansWordReader {
 public:
  RansWordReader(const std::uint8_t* at, const std::uint8_t* end) : at_(at), end_(end) {}
  void refill(std::uint32_t& x) {
    if (x >= kRansLowest) return;
    if (end_ - at_ < 2) {
      exhausted_ = true;
      x = kRansLowest;
      return;
    }
    x = x << 16 | rans_word(at_);
    at_ += 2;
  }
  const std::uint8_t* at() const { return at_; }
  bool exhausted() const { return exhausted_; }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool exhausted_ = false;
};

}  // namespace evalzip
