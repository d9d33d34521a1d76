// Numbers as files store them: least significant byte first, at any address.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// The unsigned integer of sizeof(Number) bytes.
template <std::size_t kBytes>
using UnsignedOf = std::conditional_t<
    kBytes == 1, std::uint8_t,
    std::conditional_t<kBytes == 2, std::uint16_t,
                       std::conditional_t<kBytes == 4, std::uint32_t, std::uint64_t>>>;

// The integer or IEEE number at `offset`, which lies whole in `bytes`.
template <class Number>
Number load_little_endian(Bytes bytes, std::size_t offset = 0) {
  assert(offset <= bytes.size() && sizeof(Number) <= bytes.size() - offset);
  using Bits = UnsignedOf<sizeof(Number)>;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bits |= std::to_integer<std::uint64_t>(bytes[offset + i]) << (8 * i);
  }
  return std::bit_cast<Number>(static_cast<Bits>(bits));
}

// Precondition: `bytes` has room for it.
template <class Number>
void store_little_endian(Number number, MutableBytes bytes) {
  const auto bits = std::bit_cast<UnsignedOf<sizeof(Number)>>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bytes[i] = static_cast<std::byte>(std::uint64_t{bits} >> (8 * i) & 0xff);
  }
}

template <class Number>
void append_little_endian(std::vector<std::byte>& bytes, Number number) {
  const auto bits = std::bit_cast<UnsignedOf<sizeof(Number)>>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bytes.push_back(static_cast<std::byte>(std::uint64_t{bits} >> (8 * i) & 0xff));
  }
}

}  // namespace evalzip
