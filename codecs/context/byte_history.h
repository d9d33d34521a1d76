// The bytes before the one that is predicted.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evalzip {

// A view of the whole block, of which the first `position` bytes are known: the encoder's input or
// what the decoder has written. Does not own it.
//
// Or of one of several equally long parts of a section of the block that are coded side by side, a
// byte of each in turn: then all before the section is known, and of every part of it as many bytes
// as of this one, or more.
struct ByteHistory {
  const std::uint8_t* bytes = nullptr;
  std::size_t position = 0;
  std::uint64_t recent = 0;  // the last eight, the last one lowest; zeros before the first

  std::size_t origin = 0;  // of these bytes in the block
  std::size_t section = 0, section_end = kWhole;
  std::size_t part = kWhole;  // how long parts are; the last ones may be shorter

  static constexpr std::size_t kWhole = SIZE_MAX;

  std::size_t place() const { return origin + position; }
  std::uint8_t byte_at(std::size_t place) const { return (bytes - origin)[place]; }

  // Whether the byte at a place of the block is known, and how many known bytes lie before it.
  bool knows(std::size_t place) const {
    if (part == kWhole) return place < position;
    return place < section || (known_before(place) < position && place < section_end);
  }
  std::size_t known_before(std::size_t place) const {
    return part == kWhole || place < section ? place : (place - section) % part;
  }

  // The byte `distance` >= 1 before; 0 before the first.
  std::uint32_t back(std::size_t distance) const {
    return distance <= position ? bytes[position - distance] : 0u;
  }

  // The last `number` <= 4 bytes.
  std::uint32_t last(unsigned number) const {
    const auto word = static_cast<std::uint32_t>(recent);
    return number == 4 ? word : word & ((1u << 8 * number) - 1);
  }

  // bytes[position] is known now.
  void advance() { recent = recent << 8 | bytes[position++]; }
};

}  // namespace evalzip
