// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers from the same seed everywhere.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace evalzip {

class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  // Uniform in [0, limit) up to a bias of limit / 2^64. Precondition: limit > 0.
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }

 private:
  std::uint64_t state_;
};

// Fisher and Yates, 1938; Durstenfeld, 1964. std::shuffle differs between standard libraries.
template <class T>
void shuffle(std::vector<T>& values, SplitMix64& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.below(i)]);
  }
}

}  // namespace evalzip
