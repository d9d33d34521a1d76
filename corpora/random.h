// The generator of pseudo-random numbers behind everything evalzip makes up.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace evalzip {

// xoshiro256** 1.0 of D. Blackman and S. Vigna (Scrambled Linear Pseudorandom Number Generators,
// ACM Trans. Math. Softw. 47, 2021), its state filled by SplitMix64 (G. Steele, D. Lea, C. Flood,
// Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). Integers only: a seed gives the
// same numbers on every machine.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }

  // Any of the 2^64 values, each as likely.
  constexpr std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // One of 0 .. bound-1, each exactly as likely: values of the last, incomplete, stretch of the
  // 2^64 are drawn again. bound > 0.
  constexpr std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t incomplete = (0 - bound) % bound;  // 2^64 mod bound
    std::uint64_t value = next();
    while (value < incomplete) value = next();
    return value % bound;
  }

  // One of first .. last, both included.
  constexpr std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first) + 1));
  }

  // True in `percent` of 100 cases.
  constexpr bool chance(std::uint64_t percent) { return below(100) < percent; }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace evalzip
