// A range coder: intervals to bytes and back, first in, first out.
//
// READ ME FIRST
//
// The encoder holds the half-open interval [low, low + range) of fractions that still mean "all
// symbols so far"; each symbol shrinks it to the symbol's share, and at the end any number inside
// names the whole message (Witten, Neal, Cleary 1987; in bytes and with this state: Martin 1979,
// Schindler 1998). Three things surprise:
//
// 1. Carry. `low` keeps 64 bits; the bytes above them are already in the output. Adding to low may
//    overflow, and then the number in the output is one too small: 1 must be added to its last
//    byte, and while bytes are 0xFF, to the one before. Subbotin's carry-less coder (1999) avoids
//    this by cutting the range short whenever a carry would be possible, which costs code length;
//    here the output is still in memory, so the addition is simply done. It cannot run off the
//    front, because the whole number stays below 1. It happens in a few per cent of the steps.
// 2. Precision. The range is refilled byte by byte to at least 2^56, so an interval of a total of
//    2^32 is still cut from 2^24 or more units: what rounding the unit down (range / total) loses
//    is below 2^-24 of a bit on average even then, and below 2^-40 for totals of 2^16. Refilling in
//    32-bit words would leave 2^8 units for a total of 2^24: 0.02 % of a skewed message.
// 3. The end. finish() writes as many bytes as tell the final interval from all others when zeros
//    follow: 0 to 8, mostly 1. The decoder reads zeros past the end, and knows afterwards whether
//    the stream had exactly the bytes that an encoder would have written: whole().
//
// Neither side branches on data except for the carry, near the end of its span, and to refill after
// single bits.
//
// The inner functions are inlined by force: a coder's state stays in registers only where nothing
// is called.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "codecs/codec.h"
#include "codecs/entropy_model.h"

namespace evalzip {

namespace range_coder {

constexpr std::size_t kStateBytes = 8;

inline std::uint64_t big_endian(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  return word;
}

// How far a range may be shifted so that it stays below 2^64, in whole bytes.
inline unsigned refill_bits(std::uint64_t range) {
  assert(range > 0);
  return static_cast<unsigned>(__builtin_clzll(range)) & ~7u;
}

// Most bits take less than a byte off the range, and a branch that mostly goes one way costs less
// than counting zeros.
inline bool refill_is_due(std::uint64_t range) { return range >> 56 == 0; }

// The top bytes of a word that end a stream, zeros below.
struct End {
  std::uint64_t word;
  unsigned bytes;
};

// The fewest bytes that lie in [low, low + range) whatever zeros follow: the smallest multiple of
// 2^(64 - 8 bytes) that is not below low, if it is below the end. It may be 2^64 itself: word 0,
// with a carry. Because fewer bytes do not do, the last one is not zero.
inline End end_of(std::uint64_t low, std::uint64_t range) {
  End end{.word = 0, .bytes = 0};
  std::uint64_t below = ~std::uint64_t{0};
  while (end.word - low >= range) {
    ++end.bytes;
    below >>= 8;
    end.word = (low + below) & ~below;
  }
  return end;
}

// The eight bytes from `position` on of a stream of `size`, zeros past its end. Apart from the
// loops that need it at their end only.
[[gnu::noinline]] inline std::uint64_t last_window(const std::byte* begin, std::size_t position,
                                                   std::size_t size) {
  std::uint64_t word = 0;
  if (position < size) {
    std::memcpy(&word, begin + position, std::min(size - position, sizeof word));
  }
  return big_endian(word);
}

}  // namespace range_coder

// Writes into the span it is given and nowhere else; what does not fit is counted and dropped.
class RangeEncoder {
 public:
  RangeEncoder() = default;
  explicit RangeEncoder(MutableBytes room) : begin_(room.data()), room_(room.size()) {}

  // interval.width > 0, interval within [0, total).
  void put(Interval interval, std::uint32_t total) {
    assert(interval.width > 0 && interval.low + std::uint64_t{interval.width} <= total);
    narrow(range_ / total, interval);
  }

  // The same with total = 2^total_bits, total_bits <= 32.
  [[gnu::always_inline]] void put_power_of_two(Interval interval, unsigned total_bits) {
    assert(interval.width > 0);
    narrow(range_ >> total_bits, interval);
  }

  // A one is the lower part. 0 < probability_of_one < 2^probability_bits, probability_bits <= 32.
  void put_bit(bool bit, std::uint32_t probability_of_one, unsigned probability_bits) {
    const std::uint64_t ones = (range_ >> probability_bits) * probability_of_one;
    add(bit ? 0 : ones);
    range_ = bit ? ones : range_ - ones;
    if (range_coder::refill_is_due(range_)) refill(range_);
  }

  // Ends the stream; call once. Returns its length in bytes, or output_too_small.
  Result<std::size_t> finish() {
    const range_coder::End end = range_coder::end_of(low_, range_);
    if (end.word < low_) carry(begin_, std::min(position_, room_));
    write(end.word, end.bytes);
    if (position_ > room_) return Fault::output_too_small;
    return position_;
  }

  // Bytes written so far, dropped ones included. More than the room means that finish will refuse.
  std::size_t position() const { return position_; }

 private:
  [[gnu::always_inline]] void narrow(std::uint64_t unit, Interval interval) {
    add(unit * interval.low);
    refill(unit * interval.width);
  }

  void add(std::uint64_t distance) {
    low_ += distance;
    if (low_ < distance) [[unlikely]]
      carry(begin_, std::min(position_, room_));
  }

  [[gnu::always_inline]] void refill(std::uint64_t range) {
    const unsigned bits = range_coder::refill_bits(range);
    write(low_, bits / 8);
    low_ <<= bits;
    range_ = range << bits;
  }

  // The top `count` bytes of a word.
  void write(std::uint64_t word, unsigned count) {
    const std::uint64_t bytes = range_coder::big_endian(word);
    if (position_ + sizeof bytes <= room_) [[likely]] {
      std::memcpy(begin_ + position_, &bytes, sizeof bytes);
    } else if (position_ < room_) {
      std::memcpy(begin_ + position_, &bytes, std::min<std::size_t>(count, room_ - position_));
    }
    position_ += count;
  }

  static void carry(std::byte* begin, std::size_t position) {
    while (position > 0) {
      --position;
      begin[position] = static_cast<std::byte>(std::to_integer<unsigned>(begin[position]) + 1u);
      if (begin[position] != std::byte{0}) return;
    }
  }

  std::uint64_t low_ = 0;
  std::uint64_t range_ = ~std::uint64_t{0};
  std::byte* begin_ = nullptr;
  std::size_t room_ = 0;
  std::size_t position_ = 0;
};

// A RangeDecoder that does not look where its stream ends, for symbols known to lie before it. It
// has less to carry, so four of them live in registers.
class UncheckedRangeDecoder {
 public:
  UncheckedRangeDecoder(std::uint64_t low, std::uint64_t range, const std::byte* at)
      : low_(low), range_(range), at_(at) {}

  // As those of RangeDecoder.
  [[gnu::always_inline]] std::uint32_t point_power_of_two(unsigned total_bits) {
    std::uint64_t window;
    std::memcpy(&window, at_, sizeof window);
    unit_ = range_ >> total_bits;
    // Only bytes that no encoder wrote point beyond the total. Whatever symbol they give, they lie
    // beyond its interval too, so whole() will be false.
    const std::uint64_t point = (range_coder::big_endian(window) - low_) / unit_;
    return static_cast<std::uint32_t>(point & ((std::uint64_t{1} << total_bits) - 1));
  }

  [[gnu::always_inline]] void drop(Interval interval) {
    low_ += unit_ * interval.low;
    const std::uint64_t range = unit_ * interval.width;
    const unsigned bits = range_coder::refill_bits(range);
    low_ <<= bits;
    range_ = range << bits;
    at_ += bits / 8;
  }

 private:
  friend class RangeDecoder;

  std::uint64_t low_, range_;
  std::uint64_t unit_ = 0;
  const std::byte* at_;
};

// Reads what RangeEncoder wrote. On any other bytes it gives some symbols, never reads outside its
// span, and whole() is usually false.
class RangeDecoder {
 public:
  RangeDecoder() = default;
  explicit RangeDecoder(Bytes stream) : begin_(stream.data()), size_(stream.size()) {}

  // Where in [0, total) the next symbol lies. Then drop() its interval.
  std::uint32_t point(std::uint32_t total) {
    unit_ = range_ / total;
    return clamped_point(total - 1);
  }

  std::uint32_t point_power_of_two(unsigned total_bits) {
    unit_ = range_ >> total_bits;
    return clamped_point(static_cast<std::uint32_t>((std::uint64_t{1} << total_bits) - 1));
  }

  // `interval` must contain the point just given.
  [[gnu::always_inline]] void drop(Interval interval) {
    low_ += unit_ * interval.low;
    refill(unit_ * interval.width);
  }

  bool get_bit(std::uint32_t probability_of_one, unsigned probability_bits) {
    const std::uint64_t ones = (range_ >> probability_bits) * probability_of_one;
    const bool bit = code() < ones;
    low_ += bit ? 0 : ones;
    range_ = bit ? ones : range_ - ones;
    if (range_coder::refill_is_due(range_)) refill(range_);
    return bit;
  }

  // How many symbols of a total of 2^total_bits, total_bits <= 16, may be decoded without a look at
  // the end of the stream. The range is 2^56 or more before each and 2^40 or more after it, which
  // is refilled by two bytes at most.
  std::size_t symbols_ahead() const {
    const std::size_t window_end = position_ + range_coder::kStateBytes;
    return window_end > size_ ? 0 : (size_ - window_end) / 2;
  }

  // For the next symbols_ahead() symbols or fewer; then tell how far it came.
  UncheckedRangeDecoder ahead() const { return {low_, range_, begin_ + position_}; }
  void catch_up(const UncheckedRangeDecoder& ahead) {
    low_ = ahead.low_;
    range_ = ahead.range_;
    position_ = static_cast<std::size_t>(ahead.at_ - begin_);
  }

  // After the last symbol: whether the stream ends exactly as an encoder ends it.
  bool whole() const {
    const range_coder::End end = range_coder::end_of(low_, range_);
    return code() < range_ && window() == end.word && position_ + end.bytes == size_;
  }

 private:
  // The eight bytes that the encoder's low would be compared with, zeros past the end. They are
  // read again for each symbol: that is fewer steps than shifting them along.
  [[gnu::always_inline]] std::uint64_t window() const {
    if (position_ + range_coder::kStateBytes > size_) [[unlikely]]
      return range_coder::last_window(begin_, position_, size_);
    std::uint64_t word;
    std::memcpy(&word, begin_ + position_, sizeof word);
    return range_coder::big_endian(word);
  }

  // How far the number in the stream lies above low: below the range, in a stream of an encoder.
  std::uint64_t code() const { return window() - low_; }

  // The last symbol's interval ends at unit * total, a little below the range, and bytes that no
  // encoder wrote may point beyond.
  std::uint32_t clamped_point(std::uint32_t last) const {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(code() / unit_, last));
  }

  [[gnu::always_inline]] void refill(std::uint64_t range) {
    const unsigned bits = range_coder::refill_bits(range);
    low_ <<= bits;
    range_ = range << bits;
    position_ += bits / 8;
  }

  std::uint64_t low_ = 0;  // the encoder's, modulo 2^64
  std::uint64_t range_ = ~std::uint64_t{0};
  std::uint64_t unit_ = 0;  // of the interval asked for last
  const std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t position_ = 0;  // of the window; runs on past the end
};

}  // namespace evalzip
