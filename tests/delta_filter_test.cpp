#include "codecs/delta_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace evalzip {
namespace {

using ByteVector = std::vector<std::byte>;

TEST(DeltaFilter, UndoesItselfForEveryWidthOrderStrideAndLength) {
  std::mt19937 random(1);
  for (const unsigned width : {1u, 2u, 4u}) {
    for (const unsigned order : {1u, 2u, 3u}) {
      for (const std::size_t stride : {1, 2, 3, 100}) {
        for (std::size_t size = 0; size < 70; ++size) {
          ByteVector input(size), bytes(size);
          for (auto& byte : input) byte = static_cast<std::byte>(random() & 0xff);
          const DeltaFilter filter{.width = width, .order = order, .stride = stride};
          apply_delta(filter, input, bytes);
          undo_delta(filter, bytes);
          EXPECT_EQ(bytes, input) << width << " " << order << " " << stride << " " << size;
        }
      }
    }
  }
}

TEST(DeltaFilter, AStraightLineLeavesZerosBehindAtOrderTwo) {
  ByteVector input, residuals;
  for (unsigned i = 0; i < 100; ++i) {
    const unsigned sample = 1000 + 300 * i;
    input.push_back(static_cast<std::byte>(sample & 0xff));
    input.push_back(static_cast<std::byte>(sample >> 8 & 0xff));
  }
  residuals.resize(input.size());
  apply_delta({.width = 2, .order = 2, .stride = 1}, input, residuals);
  for (std::size_t i = 4; i < residuals.size(); ++i) EXPECT_EQ(residuals[i], std::byte{0});
}

TEST(DeltaFilter, ChannelsArePredictedApart) {
  const ByteVector input{std::byte{1}, std::byte{100}, std::byte{2}, std::byte{90}};
  ByteVector residuals(4);
  apply_delta({.width = 1, .order = 1, .stride = 2}, input, residuals);
  EXPECT_EQ(residuals, (ByteVector{std::byte{1}, std::byte{100}, std::byte{1}, std::byte{246}}));
}

}  // namespace
}  // namespace evalzip
