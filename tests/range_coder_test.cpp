#include "codecs/range_coder.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace evalzip {
namespace {

// One symbol as the coder sees it. total 0 stands for 2^32, which only the shift form can say.
struct Step {
  Interval interval;
  std::uint32_t total;
};

double ideal_bits(const std::vector<Step>& steps) {
  double bits = 0;
  for (const Step& step : steps) {
    const double total = step.total == 0 ? 4294967296.0 : step.total;
    bits += std::log2(total / step.interval.width);
  }
  return bits;
}

std::vector<std::byte> encoded(const std::vector<Step>& steps, std::size_t room) {
  std::vector<std::byte> bytes(room);
  RangeEncoder encoder(bytes);
  for (const Step& step : steps) {
    if (std::has_single_bit(step.total) || step.total == 0) {
      encoder.put_power_of_two(step.interval, step.total == 0 ? 32 : std::countr_zero(step.total));
    } else {
      encoder.put(step.interval, step.total);
    }
  }
  const Result<std::size_t> size = encoder.finish();
  EXPECT_TRUE(size);
  bytes.resize(size ? size.value() : 0);
  return bytes;
}

bool decodes(const std::vector<Step>& steps, Bytes bytes) {
  RangeDecoder decoder(bytes);
  for (const Step& step : steps) {
    const std::uint32_t point =
        std::has_single_bit(step.total) || step.total == 0
            ? decoder.point_power_of_two(step.total == 0 ? 32 : std::countr_zero(step.total))
            : decoder.point(step.total);
    if (point - step.interval.low >= step.interval.width) return false;
    decoder.drop(step.interval);
  }
  return decoder.whole();
}

void expect_round_trip_within_loss(const std::vector<Step>& steps) {
  const double ideal = ideal_bits(steps);
  const std::vector<std::byte> bytes =
      encoded(steps, static_cast<std::size_t>(ideal / 8 * 1.01) + 64);
  EXPECT_TRUE(decodes(steps, bytes));
  EXPECT_LE(static_cast<double>(bytes.size()), ideal / 8 * 1.0001 + 8);
  // No code of one message can be shorter by more than the choice of its interval allows.
  EXPECT_GE(static_cast<double>(bytes.size()), ideal / 8 * 0.9999 - 1);
}

// Symbols of the given widths, drawn with the probabilities that the widths claim.
std::vector<Step> drawn(const std::vector<std::uint32_t>& widths, std::size_t count,
                        unsigned seed) {
  std::uint64_t total = 0;
  for (const std::uint32_t width : widths) total += width;
  std::mt19937_64 random(seed);
  std::vector<Step> steps;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t point = random() % total;
    std::uint32_t low = 0;
    std::size_t symbol = 0;
    while (point >= widths[symbol]) {
      point -= widths[symbol];
      low += widths[symbol++];
    }
    steps.push_back({{low, widths[symbol]}, static_cast<std::uint32_t>(total)});
  }
  return steps;
}

TEST(RangeCoder, AnEmptyMessageTakesNoBytes) {
  EXPECT_EQ(encoded({}, 0).size(), 0u);
  EXPECT_TRUE(decodes({}, {}));
}

TEST(RangeCoder, ACertainSymbolTakesNoBytes) {
  const std::vector<Step> steps(100000, {{0, 1}, 1});
  EXPECT_EQ(encoded(steps, 0).size(), 0u);
  EXPECT_TRUE(decodes(steps, {}));
}

TEST(RangeCoder, LossIsWithinItsBoundOnUniformSymbols) {
  expect_round_trip_within_loss(drawn(std::vector<std::uint32_t>(256, 1), 100000, 1));
  expect_round_trip_within_loss(drawn(std::vector<std::uint32_t>(251, 17), 100000, 2));
}

TEST(RangeCoder, LossIsWithinItsBoundOnSkewedSymbols) {
  expect_round_trip_within_loss(drawn({3, 60000, 2, 5531}, 1000000, 3));             // total 2^16
  expect_round_trip_within_loss(drawn({1, 1, 999998}, 2000000, 4));                  // 0.00002 bits
  expect_round_trip_within_loss(drawn({1u << 20, (15u << 20) - 1, 1}, 1000000, 5));  // 2^24
}

TEST(RangeCoder, LossIsWithinItsBoundOnTotalsOf24And32Bits) {
  expect_round_trip_within_loss(drawn({(1u << 24) - 1, 1}, 1000000, 6));
  expect_round_trip_within_loss(drawn({0xF0000000u, 0x0FFFFFFEu, 1}, 1000000, 7));  // 2^32 - 1
  expect_round_trip_within_loss(drawn({0xE6666666u, 0x1999999Au}, 1000000, 8));     // 2^32
}

TEST(RangeCoder, LossIsWithinItsBoundOnTheRarestSymbols) {
  // Each symbol has probability 2^-24 or less: three or four bytes, at either end of the total.
  std::vector<Step> rare;
  for (int i = 0; i < 50000; ++i) {
    rare.push_back({{0, 1}, 1u << 24});
    rare.push_back({{(1u << 24) - 1, 1}, 1u << 24});
    rare.push_back({{0xFFFFFFFEu, 1}, 0xFFFFFFFFu});
    rare.push_back({{0xFFFFFFFFu, 1}, 0});
  }
  expect_round_trip_within_loss(rare);
}

TEST(RangeCoder, TotalsOfEverySizeMayBeMixed) {
  std::mt19937_64 random(9);
  std::vector<Step> steps;
  for (int i = 0; i < 200000; ++i) {
    const std::uint64_t total = (random() >> (32 + random() % 32)) + 1;
    const std::uint64_t low = random() % total;
    const std::uint64_t width = 1 + random() % (total - low);
    if (width > 0xFFFFFFFFu) continue;
    steps.push_back({{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(width)},
                     static_cast<std::uint32_t>(total)});
  }
  expect_round_trip_within_loss(steps);
}

// The encoder's state, kept by the test to steer by. The byte boundary that a carry would cross
// lies 2^64 - low above low.
struct Mirror {
  static constexpr std::uint32_t kTotal = 251;  // odd: the boundary never falls between symbols
  std::uint64_t low = 0, range = ~std::uint64_t{0};

  Step put(std::uint32_t symbol, std::uint32_t total = kTotal) {
    low += range / total * symbol;
    range /= total;
    while (range < std::uint64_t{1} << 56) {
      low <<= 8;
      range <<= 8;
    }
    return {{symbol, 1}, total};
  }
  // The symbol whose interval contains the boundary.
  std::uint32_t at_boundary() const {
    return static_cast<std::uint32_t>((0 - low) / (range / kTotal));
  }
};

TEST(RangeCoder, CarryPropagatesThroughRunsOfFf) {
  int tried = 0;
  for (std::size_t run = 1; run <= 60; ++run) {
    Mirror mirror;
    std::vector<Step> steps{mirror.put(0x41, 256)};
    for (std::size_t i = 0; i < run; ++i) steps.push_back(mirror.put(mirror.at_boundary()));
    // Above the boundary: one is added to all that was written, 40 FF .. FF.
    const std::uint32_t boundary = mirror.at_boundary();
    if (boundary == 0 || boundary + 1 == Mirror::kTotal) continue;
    ++tried;
    steps.push_back({{boundary + 1, 1}, Mirror::kTotal});
    const std::vector<std::byte> carried = encoded(steps, 100);
    EXPECT_TRUE(decodes(steps, carried)) << run;
    ASSERT_GT(carried.size(), run);
    EXPECT_EQ(carried[0], std::byte{0x41});
    for (std::size_t i = 1; i + 1 < run; ++i) EXPECT_EQ(carried[i], std::byte{0}) << run;
    // Below it: the bytes stay.
    steps.back() = {{boundary - 1, 1}, Mirror::kTotal};
    const std::vector<std::byte> stayed = encoded(steps, 100);
    EXPECT_TRUE(decodes(steps, stayed)) << run;
    EXPECT_EQ(stayed[0], std::byte{0x40});
    for (std::size_t i = 1; i + 1 < run; ++i) EXPECT_EQ(stayed[i], std::byte{0xFF}) << run;
  }
  EXPECT_GT(tried, 40);
}

TEST(RangeCoder, BitsTakeTheirIdealLength) {
  std::mt19937_64 random(10);
  for (const unsigned precision : {1u, 12u, 16u, 22u, 32u}) {
    std::vector<std::byte> bytes(1 << 20);
    std::vector<std::pair<bool, std::uint32_t>> bits;
    RangeEncoder encoder(bytes);
    CodeLengthMeter meter;
    for (int i = 0; i < 300000; ++i) {
      const std::uint64_t all = std::uint64_t{1} << precision;
      // Often near the ends, where rounding would show.
      const std::uint64_t far = 1 + (random() % (all - 1) >> random() % precision);
      const std::uint64_t one = i % 2 == 0 ? far : all - far;
      const bool bit = random() % all < one;
      bits.emplace_back(bit, static_cast<std::uint32_t>(one));
      encoder.put_bit(bit, static_cast<std::uint32_t>(one), precision);
      meter.put_bit(bit, static_cast<std::uint32_t>(one), precision);
    }
    const std::size_t size = encoder.finish().value();
    EXPECT_LE(static_cast<double>(size), meter.bits() / 8 * 1.0001 + 8) << precision;
    RangeDecoder decoder(Bytes(bytes).first(size));
    for (const auto& [bit, one] : bits) ASSERT_EQ(decoder.get_bit(one, precision), bit);
    EXPECT_TRUE(decoder.whole());
  }
}

TEST(RangeCoder, AnEncoderWithoutRoomRefusesAndStaysInside) {
  const std::vector<Step> steps = drawn({5, 11, 100}, 1000, 11);
  const std::size_t size = encoded(steps, 4096).size();
  for (std::size_t room = 0; room <= size + 9; ++room) {
    // A heap block of exactly this size: the sanitizers watch its end.
    std::vector<std::byte> bytes(room);
    RangeEncoder encoder(bytes);
    for (const Step& step : steps) encoder.put(step.interval, step.total);
    const Result<std::size_t> result = encoder.finish();
    ASSERT_EQ(result.has_value(), room >= size) << room;
    if (result) {
      EXPECT_EQ(result.value(), size);
      EXPECT_TRUE(decodes(steps, Bytes(bytes).first(size)));
    } else {
      EXPECT_EQ(result.error(), Fault::output_too_small);
    }
  }
}

TEST(RangeCoder, AStreamCutShortIsNotWhole) {
  const std::vector<Step> steps = drawn({5, 11, 100}, 2000, 12);
  const std::vector<std::byte> bytes = encoded(steps, 4096);
  for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
    EXPECT_FALSE(decodes(steps, Bytes(bytes).first(bytes.size() - cut))) << cut;
  }
}

TEST(RangeCoder, AStreamWithBytesLeftOverIsNotWhole) {
  const std::vector<Step> steps = drawn({5, 11, 100}, 2000, 13);
  std::vector<std::byte> bytes = encoded(steps, 4096);
  for (int more = 0; more < 20; ++more) {
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(decodes(steps, bytes)) << more;
  }
}

TEST(RangeCoder, NoByteOfAStreamIsIdle) {
  const std::vector<Step> steps = drawn({5, 11, 100}, 300, 14);
  std::vector<std::byte> bytes = encoded(steps, 4096);
  for (std::byte& byte : bytes) {
    byte ^= std::byte{0x80};
    EXPECT_FALSE(decodes(steps, bytes));
    byte ^= std::byte{0x80};
  }
}

TEST(RangeCoder, AnyBytesDecodeToPointsInsideTheTotal) {
  std::mt19937_64 random(15);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<std::byte> bytes(random() % 40);
    for (std::byte& byte : bytes) {
      byte = random() % 2 == 0 ? std::byte{0xFF} : static_cast<std::byte>(random());
    }
    RangeDecoder decoder(bytes);
    for (int i = 0; i < 2000; ++i) {
      const auto total = static_cast<std::uint32_t>((random() >> (32 + random() % 32)) + 1);
      if (total == 0) continue;
      const std::uint32_t point = decoder.point(total);
      ASSERT_LT(point, total);
      decoder.drop({point, 1});
    }
    EXPECT_FALSE(decoder.whole());
  }
}

}  // namespace
}  // namespace evalzip
