// Contexts as 32-bit numbers.
#pragma once

#include <cstdint>

namespace evalzip {

// Two numbers as one whose bits all depend on both. The multipliers are odd and have no pattern:
// the golden ratio's, and two found by Wang and by Appleby (MurmurHash3, 2011) to mix well.
inline std::uint32_t combine(std::uint32_t a, std::uint32_t b) {
  std::uint32_t x = (a * 0x9E3779B1u) ^ ((b + 0x7F4A7C15u) * 0x85EBCA6Bu);
  x ^= x >> 15;
  x *= 0xC2B2AE35u;
  return x ^ x >> 13;
}

inline std::uint32_t combine(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return combine(combine(a, b), c);
}

}  // namespace evalzip
