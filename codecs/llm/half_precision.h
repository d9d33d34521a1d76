// The two 16-bit floating-point formats of model files, widened to binary32 exactly.
#pragma once

#include <bit>
#include <cstdint>

namespace evalzip {

// IEEE 754 binary16. Subnormals, infinities and NaN (with its payload) included.
constexpr float binary32_of_half(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half & 0x8000u} << 16;
  const std::uint32_t exponent = half >> 10 & 0x1fu;
  const std::uint32_t fraction = half & 0x3ffu;
  if (exponent == 0) {
    // 2^-24 units: a product that is exact, and normal in binary32.
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
  }
  const std::uint32_t widened = exponent == 31 ? 255u : exponent + (127 - 15);
  return std::bit_cast<float>(sign | widened << 23 | fraction << 13);
}

// The upper half of a binary32.
constexpr float binary32_of_bfloat(std::uint16_t bfloat) {
  return std::bit_cast<float>(std::uint32_t{bfloat} << 16);
}

}  // namespace evalzip
