// Between probabilities and log odds, in integers: the coordinates in which predictions are mixed.
//
// A log odds is ln(p / (1 - p)) in units of 1/256. Both tables are made by the compiler out of
// integers only, so they are the same on every machine. The names are Mahoney's (paq7, 2005).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace evalzip {

// The largest log odds there is: 11, or one in 60,000.
inline constexpr int kMostStretch = 11 * 256 - 1;

// Probabilities that leave the mixer are in units of 2^-16, and 0 and 1 are not among them.
inline constexpr int kSquashBits = 16;

namespace squash_tables {

// exp(-k / 256) in units of 2^-31, one multiplication for each k: k without its lowest one bit is
// smaller, and that bit's factor is one of these.
inline constexpr std::array<std::uint32_t, 12> kFactors = {
    2139111403u, 2130771798u, 2114190000u, 2081412522u, 2017374191u, 1895147668u,
    1672461947u, 1302514674u, 790015084u,  290630308u,  39332535u,   720401u};

constexpr auto make_squash() {
  std::array<std::uint32_t, kMostStretch + 1> exponentials{};
  std::array<std::uint16_t, 2 * kMostStretch + 1> table{};
  exponentials[0] = 1u << 31;
  for (std::uint32_t k = 0; k <= kMostStretch; ++k) {
    if (k > 0) {
      unsigned bit = 0;
      while ((k >> bit & 1u) == 0) ++bit;
      const std::uint64_t product = std::uint64_t{exponentials[k & (k - 1)]} * kFactors[bit];
      exponentials[k] = static_cast<std::uint32_t>((product + (1u << 30)) >> 31);
    }
    // 1 / (1 + exp(-k / 256)), and its complement.
    const std::uint64_t all = (std::uint64_t{1} << 31) + exponentials[k];
    const std::uint64_t likely = std::min<std::uint64_t>((std::uint64_t{1} << 47) / all, 65535u);
    table[kMostStretch + k] = static_cast<std::uint16_t>(likely);
    table[kMostStretch - k] = static_cast<std::uint16_t>(65536u - likely);
  }
  return table;
}

inline constexpr auto kSquash = make_squash();

// By the upper 12 bits of a probability: the log odds of the middle of that range.
constexpr auto make_stretch() {
  std::array<std::int16_t, 4096> table{};
  int x = -kMostStretch;
  for (std::uint32_t p = 0; p < 4096; ++p) {
    while (x < kMostStretch && kSquash[x + kMostStretch] < 16 * p + 8) ++x;
    table[p] = static_cast<std::int16_t>(x);
  }
  return table;
}

inline constexpr auto kStretch = make_stretch();

}  // namespace squash_tables

// The probability, in units of 2^-16, of log odds that may lie outside the range.
inline std::uint32_t squash(int log_odds) {
  return squash_tables::kSquash[std::clamp(log_odds, -kMostStretch, kMostStretch) + kMostStretch];
}

// The log odds of a probability in units of 2^-12, below 2^12.
inline int stretch(std::uint32_t probability) { return squash_tables::kStretch[probability]; }

}  // namespace evalzip
