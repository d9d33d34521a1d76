// The bytes before the one that is predicted.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evalzip {

// A view of the whole block, of which the first `position` bytes are known: the encoder's input or
// what the decoder has written. Does not own it.
struct ByteHistory {
  const std::uint8_t* bytes = nullptr;
  std::size_t position = 0;
  std::uint64_t recent = 0;  // the last eight, the last one lowest; zeros before the first

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
