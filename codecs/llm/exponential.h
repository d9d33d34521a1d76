// 2 to the power of a difference of logits, in integers: the same everywhere, and so short that
// thirty-two of them are a handful of instructions.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace evalzip::exponential {

// Of a token whose logit is d below the largest, in units of 1/256 of a factor 2:
// e(d) = (m(d % 256) * 2^14) >> (d / 256), which is 2^30 * 2^(-d / 256) within 4 parts in 10^5, or
// less than 1 off. m(f) is a polynomial in y = f / 256, in units of 2^-16, whose products are
// rounded down: 65535 - y * (c1 - y * (c2 - y * (c3 - y * c4))), where the c make the largest error
// small.
constexpr std::uint16_t kOne = 65535;
constexpr std::uint16_t kCoefficients[] = {45416, 15667, 3449, 431};

// Smaller ones are 0.
constexpr int kFaintest = 30 * 256;

[[gnu::always_inline]] inline std::uint32_t of_difference(int below) {
  const auto y = static_cast<std::uint32_t>(below & 255) << 8;
  std::uint32_t power = kCoefficients[3];
  for (const int i : {2, 1, 0}) power = kCoefficients[i] - (y * power >> 16);
  const std::uint32_t mantissa = kOne - (y * power >> 16);
  return (mantissa << 14) >> (std::min(below, kFaintest) >> 8);
}

// The least that keeps (sum >> shift) below 2^31.
inline unsigned shift_for(std::uint64_t sum) {
  constexpr int kSumBits = 31;
  return static_cast<unsigned>(std::max(static_cast<int>(std::bit_width(sum)) - kSumBits, 0));
}

}  // namespace evalzip::exponential
