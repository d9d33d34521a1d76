// Bit strings, most significant bit first: the writer and the reader of small headers.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// Appends bits to a byte vector that it owns.
class BitWriter {
 public:
  // Appends the low `count` bits of `bits`, highest first. count <= 32.
  void put(std::uint32_t bits, unsigned count) {
    assert(count <= 32);
    for (unsigned i = count; i-- > 0;) put_bit((bits >> i) & 1u);
  }

  // The bytes so far; the free bits of the last one are 0.
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  void put_bit(unsigned bit) {
    if (free_bits_ == 0) {
      bytes_.push_back(std::byte{0});
      free_bits_ = 8;
    }
    --free_bits_;
    bytes_.back() |= static_cast<std::byte>(bit << free_bits_);
  }

  std::vector<std::byte> bytes_;
  unsigned free_bits_ = 0;  // of the last byte
};

// Reads bits out of bytes that it does not own. Past the end it reads zeros and remembers it.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  // The next `count` bits, the first one highest. count <= 32.
  std::uint32_t get(unsigned count) {
    assert(count <= 32);
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < count; ++i) bits = bits << 1 | get_bit();
    return bits;
  }

  // False once a bit beyond the last byte was asked for.
  bool within_input() const { return position_ <= bytes_.size() * 8; }

  // Bytes touched so far, a started one counted whole. Meaningful while within_input().
  std::size_t bytes_read() const { return (position_ + 7) / 8; }

 private:
  unsigned get_bit() {
    const std::size_t at = position_++;
    if (at / 8 >= bytes_.size()) return 0;
    return std::to_integer<unsigned>(bytes_[at / 8]) >> (7 - at % 8) & 1u;
  }

  Bytes bytes_;
  std::size_t position_ = 0;  // in bits
};

}  // namespace evalzip
