// The memory of a context mixer: for each context and nibble, the bit histories of its 15 nodes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "codecs/context/zeroed_memory.h"

namespace evalzip {

// A hash table of slots of 15 bytes, four to a cache line of 64, so that a look-up touches one
// line. The first four bytes of a line are the checks of its slots, which are compared all at once:
// which of the four it is cannot be foreseen, and a branch on it would often be predicted wrongly.
//
// Byte 0 of a slot is the history of its first node, which has seen every visit; the numbers of
// histories rise with what they have seen, so it is also the slot's claim to stay.
class SlotTable {
 public:
  static constexpr std::size_t kLineBytes = 64;
  static constexpr std::size_t kSlotNodes = 15;
  static constexpr std::uint32_t kPageLines = 64;

  // 2^line_bits lines, line_bits <= 24.
  explicit SlotTable(unsigned line_bits)
      : shift_(32 - line_bits), lines_(std::size_t{kLineBytes} << line_bits) {}

  static std::size_t bytes(unsigned line_bits) { return std::size_t{kLineBytes} << line_bits; }

  void prefetch(std::uint32_t hash) const { __builtin_prefetch(line(hash), 1); }

  // Another hash of the same page of lines, for what belongs to the same context.
  std::uint32_t within_page(std::uint32_t hash, std::uint32_t what) const {
    const std::uint32_t mixed = (hash + what * 0x9E3779B1u) * 0x2C1B3C6Du;
    const std::uint32_t line = mixed >> 20 & (kPageLines - 1);
    return (hash & ~((kPageLines << shift_) - 1)) | line << shift_ | (mixed >> 8 & 0xffu);
  }

  // The slot of a context; if it had none, one that was cleared for it.
  std::uint8_t* find(std::uint32_t hash) {
    std::uint8_t* const found = line(hash);
    const std::uint32_t check = hash & 0xffu;
    std::uint32_t checks = 0;
    std::memcpy(&checks, found, sizeof checks);
    const std::uint32_t different = checks ^ check * 0x01010101u;
    const std::uint32_t zero_bytes = (different - 0x01010101u) & ~different & 0x80808080u;
    if (zero_bytes != 0) [[likely]] {
      return slot(found, static_cast<unsigned>(std::countr_zero(zero_bytes)) / 8);
    }
    return replace(found, check);
  }

 private:
  std::uint8_t* line(std::uint32_t hash) const {
    return lines_.begin() + (std::size_t{hash >> shift_} * kLineBytes);
  }

  static std::uint8_t* slot(std::uint8_t* line, unsigned index) {
    return line + 4 + kSlotNodes * index;
  }

  static std::uint8_t* replace(std::uint8_t* line, std::uint32_t check) {
    unsigned least = 0;
    for (unsigned i = 1; i < 4; ++i) {
      if (*slot(line, i) < *slot(line, least)) least = i;
    }
    line[least] = static_cast<std::uint8_t>(check);
    std::memset(slot(line, least), 0, kSlotNodes);
    return slot(line, least);
  }

  unsigned shift_;
  ZeroedMemory lines_;
};

}  // namespace evalzip
