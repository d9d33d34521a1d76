// auto takes for each block what serves its goal best, and says which.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "harness/split_mix.h"
#include "tests/encoded_size.h"

namespace evalzip {
namespace {

constexpr std::size_t kBlock = 16 << 10, kHead = 5;

std::string letters(std::size_t size, unsigned different) {
  SplitMix64 random(7);
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('a' + random.below(different));
  return text;
}

std::string noise(std::size_t size) {
  SplitMix64 random(8);
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>(random.below(256));
  return text;
}

TEST(AutoCodec, ForSizeItIsTheSmallestOfItsCandidates) {
  const std::string text = letters(kBlock, 5);
  std::size_t smallest = text.size();
  for (const char* spec : {"huffman", "rans:order=0", "rans:order=1", "arithmetic:order=1",
                           "arithmetic:order=2", "cm:2", "cm:6"}) {
    smallest = std::min(smallest, encoded_size(spec, text));
  }
  EXPECT_EQ(encoded_size("auto:goal=size,block=16", text), smallest + kHead);
}

TEST(AutoCodec, NoiseIsStoredWhateverTheGoal) {
  for (const char* goal : {"size", "send", "load"}) {
    const std::string text = noise(2 * kBlock);
    const auto bytes = encoded(std::string("auto:block=16,goal=") + goal, text);
    EXPECT_EQ(bytes.size(), text.size() + 2 * kHead) << goal;
    EXPECT_EQ(bytes[0], std::byte{0}) << goal;
  }
}

TEST(AutoCodec, ASlowLinkWantsStrongCodersAndAFastOneQuickCoders) {
  const std::string text = letters(kBlock, 5);
  const auto slow = encoded("auto:goal=send,mbit=1,block=16", text);
  const auto fast = encoded("auto:goal=send,mbit=10000,block=16", text);
  EXPECT_LT(slow.size(), fast.size());
  EXPECT_GT(slow[0], fast[0]);  // candidates go from quick to strong
}

TEST(AutoCodec, EachBlockHasItsOwnChoice) {
  const auto bytes = encoded("auto:goal=size,block=16", noise(kBlock) + letters(kBlock, 3));
  EXPECT_EQ(bytes[0], std::byte{0});
  EXPECT_NE(bytes[kHead + kBlock], std::byte{0});
}

}  // namespace
}  // namespace evalzip
