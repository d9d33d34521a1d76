// The memory of the fast predictor: for each context one cache line of bit histories.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "codecs/context/zeroed_memory.h"

namespace evalzip {

// A context touches one line for a whole byte, where SlotTable has one for each nibble. A line
// holds the 15 nodes of the first nibble and those of the second for three values of the first: in
// most contexts no more occur, and where they do the one that was seen least makes way.
class LineTable {
 public:
  static constexpr std::size_t kLineBytes = 64;
  static constexpr std::size_t kNodes = 15;

  // 2^line_bits lines, line_bits <= 22. The upper bits of a hash tell the line, lower ones which
  // context it is.
  explicit LineTable(unsigned line_bits)
      : shift_(64 - line_bits), lines_(std::size_t{kLineBytes} << line_bits) {}

  static std::size_t bytes(unsigned line_bits) { return std::size_t{kLineBytes} << line_bits; }

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(line(hash >> shift_), 1); }

  // The line of a context, perhaps cleared for it: one of two neighbours.
  std::uint8_t* find(std::uint64_t hash) {
    const std::size_t place = hash >> shift_;
    const std::uint32_t check = (hash >> 24 & 0xffffu) | 1u;
    std::uint8_t* first = line(place);
    if (check_of(first) == check) return first;
    std::uint8_t* second = line(place ^ 1);
    if (check_of(second) == check) return second;
    if (first_nibble(second)[0] < first_nibble(first)[0]) std::swap(first, second);
    std::memset(first, 0, kLineBytes);
    first[0] = static_cast<std::uint8_t>(check);
    first[1] = static_cast<std::uint8_t>(check >> 8);
    return first;
  }

  static std::uint8_t* first_nibble(std::uint8_t* line) { return line + 4; }

  // The nodes of the second nibble behind a first one of 0 to 15.
  static std::uint8_t* second_nibble(std::uint8_t* line, std::uint32_t nibble) {
    const std::uint32_t tags = line[2] | static_cast<std::uint32_t>(line[3]) << 8;
    // Zero where a tag is the nibble; of a number with zeros, the lowest one is found.
    const std::uint32_t differences = (tags ^ nibble * 0x111u) | 0x7000u;
    const std::uint32_t zeros = (differences - 0x1111u) & ~differences & 0x888u;
    if (zeros == 0) return replace(line, tags, nibble);
    return nodes(line, static_cast<unsigned>(std::countr_zero(zeros)) / 4);
  }

 private:
  std::uint8_t* line(std::size_t place) const { return lines_.begin() + place * kLineBytes; }
  static std::uint32_t check_of(const std::uint8_t* line) {
    return line[0] | static_cast<std::uint32_t>(line[1]) << 8;
  }
  static std::uint8_t* nodes(std::uint8_t* line, unsigned slot) {
    return line + 4 + kNodes * (slot + 1);
  }

  static std::uint8_t* replace(std::uint8_t* line, std::uint32_t tags, std::uint32_t nibble) {
    unsigned least = 0;
    for (unsigned slot = 1; slot < 3; ++slot) {
      if (nodes(line, slot)[0] < nodes(line, least)[0]) least = slot;
    }
    tags = (tags & ~(15u << 4 * least)) | nibble << 4 * least;
    line[2] = static_cast<std::uint8_t>(tags);
    line[3] = static_cast<std::uint8_t>(tags >> 8);
    std::memset(nodes(line, least), 0, kNodes);
    return nodes(line, least);
  }

  unsigned shift_;
  ZeroedMemory lines_;
};

}  // namespace evalzip
