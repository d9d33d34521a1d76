// The parts of the rANS coder one by one: model, frequencies, tables, push and pop, binding.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "codecs/rans_decisions.h"
#include "codecs/rans_stream.h"
#include "codecs/registry.h"
#include "tests/educational_rans.h"
#include "tests/rans_samples.h"

namespace evalzip {
namespace {

TEST(RansModel, IntervalsTileTheTotal) {
  Random random(26);
  for (int round = 0; round < 200; ++round) {
    const int bits = 10 + static_cast<int>(random() % 4);
    Counts counts{};
    const unsigned alphabet = random() % 256 + 1;
    for (unsigned s = 0; s < alphabet; ++s) counts[s] = random() >> (random() % 32);
    counts[random() % 256] += 1;
    const RankedModel model(normalise(counts, bits), bits);
    std::uint32_t next = 0;
    for (int r = 0; r < model.size; ++r) {
      ASSERT_EQ(model.low[r], next);
      ASSERT_GT(model.width[r], 0);
      ASSERT_GT(counts[model.symbol[r]], 0u);
      ASSERT_EQ(model.rank[model.symbol[r]], r);
      next += model.width[r];
    }
    ASSERT_EQ(next, 1u << bits);
  }
}

// Tries every move of one slot: none may shorten the code.
TEST(RansFrequencies, NoMoveOfASlotShortensTheCode) {
  Random random(27);
  for (int round = 0; round < 100; ++round) {
    const int bits = 10 + round % 4;
    Counts counts{};
    const unsigned alphabet = random() % 255 + 2;
    for (unsigned s = 0; s < alphabet; ++s) counts[s] = random() % 1000 >> (random() % 10);
    counts[0] += 1;
    const Frequencies best = normalise(counts, bits);
    const double length = code_length_bits(counts, best, bits);
    for (int from = 0; from < 256; ++from) {
      if (best[from] < 2) continue;
      for (int to = 0; to < 256; ++to) {
        if (best[to] == 0 || to == from) continue;
        Frequencies other = best;
        --other[from];
        ++other[to];
        ASSERT_GE(code_length_bits(counts, other, bits), length * (1 - 1e-5)) << round;
      }
    }
  }
}

TEST(RansTables, TablesReturn) {
  Random random(28);
  DecisionWriter writer;
  for (int round = 0; round < 300; ++round) {
    const int bits = 10 + round % 4;
    Counts counts{};
    for (int i = 0; i < 1 + round; ++i)
      counts[random() % 256 * (random() % 256) / 256] += random() % 9;
    counts[255] += round % 2;
    counts[3] += 1;
    const Frequencies table = normalise(counts, bits);
    Octets bytes;
    write_frequencies(table, bits, writer, bytes);
    bytes.push_back(0x55);
    std::span<const std::uint8_t> rest = bytes;
    Frequencies read{};
    ASSERT_TRUE(read_frequencies(rest, bits, read));
    EXPECT_EQ(read, table);
    EXPECT_EQ(rest.size(), 1u);
  }
}

TEST(RansCore, PushAndPopAreInverseAtEveryWidthAndTheExtremesOfTheState) {
  for (int bits : {10, 11, 12, 13}) {
    for (std::uint32_t width = 1; width <= 1u << bits; ++width) {
      const std::uint32_t low = (1u << bits) - width;
      for (std::uint32_t start : {kRansLowest, kRansLowest + 1, 0x7fffffffu, 0xffffffffu,
                                  (width << (32 - bits)) - 1, width << (32 - bits)}) {
        if (start < kRansLowest) continue;
        std::uint8_t room[4];
        RansWordWriter writer(room + 4);
        std::uint32_t x = start;
        rans_push(x, {low, width}, rans_reciprocal(width, bits), bits, writer);
        ASSERT_GE(x, kRansLowest);
        RansWordReader reader(writer.at(), room + 4);
        const std::uint32_t slot = rans_slot(x, bits);
        ASSERT_GE(slot, low);
        x = rans_pop(x, width, slot - low, bits);
        reader.refill(x);
        ASSERT_EQ(x, start) << "width " << width << " bits " << bits;
        ASSERT_EQ(reader.at(), room + 4);
      }
    }
  }
}

TEST(RansCodec, IsInTheRegistryAndNamesItsOrder) {
  const Registry registry = builtin_codecs();
  const CodecInfo* info = registry.find("rans");
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(Params("rans", info->parameters, {}).canonical(), "order=0");
  const auto codec = info->make(Params("rans", info->parameters, {{"order", "1"}, {"ways", "32"}}));
  const Octets bytes = text_like(100'000, 29);
  std::vector<std::byte> coded(codec->bound(bytes.size())), decoded(bytes.size());
  const auto size = codec->encode(std::as_bytes(std::span(bytes)), coded);
  ASSERT_TRUE(size.has_value());
  ASSERT_TRUE(codec->decode(std::span(coded).first(size.value()), decoded).has_value());
  EXPECT_EQ(std::memcmp(decoded.data(), bytes.data(), bytes.size()), 0);
  EXPECT_TRUE(codec->ideal_bits(std::as_bytes(std::span(bytes))).has_value());
}

}  // namespace
}  // namespace evalzip
