// Text-like bytes to time things with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace evalzip {

// Words of a small vocabulary, the frequent ones short: as hard to predict as prose is, about.
inline std::vector<std::byte> prose(std::size_t size) {
  std::mt19937_64 random(1);
  std::vector<std::byte> bytes;
  while (bytes.size() < size) {
    const std::uint64_t rank = (random() >> 40) * (random() >> 40) >> 36;
    std::mt19937_64 letters(rank);
    for (std::uint64_t i = 0; i < 2 + rank % 7; ++i) {
      bytes.push_back(static_cast<std::byte>('a' + (letters() >> 20) % 26));
    }
    bytes.push_back(std::byte{' '});
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace evalzip
