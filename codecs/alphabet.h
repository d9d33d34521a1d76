// The bytes that occur in a block, numbered without gaps, and runs of them as single symbols.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// Numbers the bytes of a block 0, 1, 2, ... in byte order, so that no model spends probability on a
// byte that does not occur.
//
// A small alphabet may be extended (Shannon 1948): with m different bytes, k bytes in a row are one
// symbol of an alphabet of m^k, for the largest k <= 8 that keeps it within 256. A coder then does
// a k-th of the work, and is not held to one step per byte where a byte has a fraction of a bit.
class Alphabet {
 public:
  static constexpr std::size_t kMostBytesPerSymbol = 8;

  // The alphabet of the bytes that occur in `block`.
  explicit Alphabet(Bytes block);

  // What write() wrote, of which `header` may be only the beginning; `read_bytes` tells how much.
  // Absent if the header cannot be of an alphabet.
  static std::optional<Alphabet> read(Bytes header, std::size_t& read_bytes);

  // At most kMostHeaderBytes: the number of bytes, then the bytes, or a bit for each of the 256.
  static constexpr std::size_t kMostHeaderBytes = 33;
  std::vector<std::byte> written() const;

  // How many different bytes there are; 0 only for the empty block.
  std::size_t distinct() const { return bytes_.size(); }
  std::byte byte(std::size_t number) const { return bytes_[number]; }

  // What to_symbols and to_bytes do with one byte to a symbol, as tables.
  const std::array<std::uint8_t, 256>& number_table() const { return number_; }
  const std::array<std::uint8_t, 256>& byte_table() const { return byte_; }

  void extend();
  std::size_t bytes_per_symbol() const { return bytes_per_symbol_; }
  std::size_t symbols() const { return symbols_; }  // of the extended alphabet
  std::size_t symbols_in(std::size_t block_bytes) const {
    return (block_bytes + bytes_per_symbol_ - 1) / bytes_per_symbol_;
  }

  // The block as symbols of several bytes; the last is filled up with the first byte of the
  // alphabet. Every byte must be of the alphabet, symbols.size() == symbols_in(block.size()).
  void to_symbols(Bytes block, std::span<std::uint8_t> symbols) const;

  // The inverse. Every symbol must be below symbols().
  void to_bytes(std::span<const std::uint8_t> symbols, MutableBytes block) const;

 private:
  Alphabet() = default;
  void number();

  std::vector<std::byte> bytes_;  // in order
  std::array<std::uint8_t, 256> number_{}, byte_{};
  std::size_t bytes_per_symbol_ = 1;
  std::size_t symbols_ = 0;
};

}  // namespace evalzip
