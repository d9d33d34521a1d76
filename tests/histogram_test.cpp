#include "codecs/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace evalzip {
namespace {

// The smaller of `rolls` rolls of an `alphabet`-sided die: more rolls, more skew.
std::vector<std::byte> skewed(std::size_t size, unsigned alphabet, unsigned rolls) {
  std::mt19937 random(static_cast<unsigned>(size) + alphabet);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) {
    auto symbol = static_cast<unsigned>(random() % alphabet);
    for (unsigned roll = 1; roll < rolls; ++roll) {
      symbol = std::min(symbol, static_cast<unsigned>(random() % alphabet));
    }
    byte = static_cast<std::byte>(symbol);
  }
  return bytes;
}

TEST(Histogram, CountsEveryByteOfEveryLengthOnce) {
  for (std::size_t size = 0; size < 100000; size += 1 + size / 20) {
    for (const unsigned alphabet : {1u, 3u, 40u, 256u}) {
      const std::vector<std::byte> bytes =
          skewed(size, alphabet, 1 + static_cast<unsigned>(size % 40));
      ByteHistogram expected{};
      for (const std::byte byte : bytes) ++expected[std::to_integer<std::size_t>(byte)];
      EXPECT_EQ(count_bytes(bytes), expected) << size << " bytes of " << alphabet;
      ByteCounter counter;
      counter.add(bytes);
      EXPECT_EQ(counter.total(), expected) << size << " bytes of " << alphabet;
    }
  }
}

TEST(Histogram, CommonSymbolsThatBecomeRareAreStillCounted) {
  std::vector<std::byte> bytes(20000, std::byte{7});
  for (std::size_t i = 10000; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i & 0xff);
  ByteHistogram expected{};
  for (const std::byte byte : bytes) ++expected[std::to_integer<std::size_t>(byte)];
  EXPECT_EQ(count_bytes(bytes), expected);
}

}  // namespace
}  // namespace evalzip
