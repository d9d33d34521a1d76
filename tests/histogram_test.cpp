#include "codecs/histogram.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace evalzip {
namespace {

TEST(Histogram, CountsEveryByteOfEveryLengthOnce) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 3000; size += 1 + size / 40) {
    for (const unsigned alphabet : {1u, 3u, 256u}) {
      std::vector<std::byte> bytes(size);
      ByteHistogram expected{};
      for (auto& byte : bytes) {
        const auto symbol = static_cast<unsigned>(random() % alphabet);
        byte = static_cast<std::byte>(symbol);
        ++expected[symbol];
      }
      EXPECT_EQ(count_bytes(bytes), expected) << size << " " << alphabet;
    }
  }
}

}  // namespace
}  // namespace evalzip
