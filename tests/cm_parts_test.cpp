// The parts of the context mixer, each for itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "codecs/context/adaptive_probability.h"
#include "codecs/context/bit_history.h"
#include "codecs/context/content_detector.h"
#include "codecs/context/eight_shorts.h"
#include "codecs/context/interpolated_map.h"
#include "codecs/context/line_table.h"
#include "codecs/context/match_model.h"
#include "codecs/context/mixer.h"
#include "codecs/context/slot_table.h"
#include "codecs/context/small_mixer.h"
#include "codecs/context/squash.h"
#include "codecs/context/x86_filter.h"
#include "tests/nasty_inputs.h"

namespace evalzip {
namespace {

std::vector<std::uint8_t> values_of(const Input& input) {
  std::vector<std::uint8_t> values(input.size());
  std::ranges::transform(input, values.begin(), std::to_integer<std::uint8_t>);
  return values;
}

TEST(Squash, IsTheLogisticFunctionWithinAUnit) {
  for (int x = -kMostStretch; x <= kMostStretch; ++x) {
    EXPECT_NEAR(squash(x), 65536.0 / (1.0 + std::exp(-x / 256.0)), 1.01) << x;
  }
}

TEST(Squash, NeverAnswersACertainty) {
  for (const int x : {-1'000'000, -kMostStretch, kMostStretch, 1'000'000}) {
    EXPECT_GT(squash(x), 0u);
    EXPECT_LT(squash(x), 65536u);
  }
}

TEST(Stretch, UndoesSquash) {
  for (std::uint32_t p = 0; p < 4096; ++p) {
    const double exact = 256.0 * std::log((p + 0.5) / (4095.5 - p));
    EXPECT_NEAR(stretch(p), exact, 1.0 + std::abs(exact) * std::abs(exact) / 60'000) << p;
  }
}

TEST(BitHistories, AreClosedAndFitAByte) {
  const BitHistories& histories = bit_histories();
  ASSERT_LE(histories.number(), 256u);
  for (unsigned history = 0; history < histories.number(); ++history) {
    for (const bool bit : {false, true}) {
      const std::uint8_t next = histories.next(static_cast<std::uint8_t>(history), bit);
      ASSERT_LT(next, histories.number());
      ASSERT_NE(next, 0) << "a history that has seen something looks new";
    }
  }
}

TEST(BitHistories, RememberTheOrderOfFourBits) {
  std::vector<std::uint8_t> found;
  for (unsigned bits = 0; bits < 16; ++bits) {
    std::uint8_t history = 0;
    for (unsigned i = 4; i-- > 0;) history = bit_histories().next(history, (bits >> i & 1u) != 0);
    found.push_back(history);
  }
  std::ranges::sort(found);
  EXPECT_GE(std::unique(found.begin(), found.end()) - found.begin(), 14);
}

TEST(BitHistories, AreSymmetricInZerosAndOnes) {
  std::mt19937 random(1);
  for (int run = 0; run < 200; ++run) {
    std::uint8_t history = 0, mirror = 0;
    for (int i = 0; i < 60; ++i) {
      const bool bit = random() % 5 == 0;
      history = bit_histories().next(history, bit);
      mirror = bit_histories().next(mirror, !bit);
      const auto counts = bit_histories().counts(history), other = bit_histories().counts(mirror);
      ASSERT_EQ(counts.zeros, other.ones) << "seed 1, run " << run << ", bit " << i;
      ASSERT_EQ(counts.ones, other.zeros) << "seed 1, run " << run << ", bit " << i;
    }
  }
}

TEST(AdaptiveProbability, IsTheAverageAtFirstAndStaysAProbability) {
  AdaptiveProbability probability;
  for (const bool bit : {true, false, true, true}) probability.update(bit, 1023);
  EXPECT_NEAR(probability.probability16() / 65536.0, 0.7, 0.03);
  for (int i = 0; i < 100'000; ++i) probability.update(true, 1023);
  EXPECT_GT(probability.probability16(), 65'000u);
  EXPECT_LE(probability.probability12(), 4095u);
}

TEST(InterpolatedMap, BeginsAsTheIdentityAndLearns) {
  InterpolatedMap map(2);
  map.select(1);
  for (int x = -kMostStretch; x <= kMostStretch; x += 17)
    EXPECT_NEAR(map.refine(x), squash(x), 900) << x;
  for (int i = 0; i < 1000; ++i) {
    map.refine(100);
    map.update(true, 6);
  }
  EXPECT_GT(map.refine(100), 60'000u);
  map.select(0);
  EXPECT_NEAR(map.refine(100), squash(100), 900) << "another context learned too";
}

TEST(SlotTable, FindsWhatItStoredAndClearsWhatItReplaces) {
  SlotTable table(4);
  for (std::uint32_t i = 0; i < 40; ++i) {
    std::uint8_t* const slot = table.find(i * 0x9E3779B1u);
    ASSERT_TRUE(std::all_of(slot, slot + SlotTable::kSlotNodes, [](int n) { return n == 0; }));
    slot[0] = 5;
    slot[14] = static_cast<std::uint8_t>(i + 1);
    EXPECT_EQ(table.find(i * 0x9E3779B1u)[14], i + 1);
  }
}

TEST(SlotTable, KeepsTheSlotThatHasSeenMost) {
  SlotTable table(1);
  table.find(0x10)[0] = 200;
  for (std::uint32_t check = 0x20; check < 0x60; ++check) table.find(check)[0] = 1;
  EXPECT_EQ(table.find(0x10)[0], 200);
}

TEST(LineTable, KeepsThreeSecondNibblesForEachContext) {
  LineTable table(4);
  std::uint8_t* const line = table.find(12345);
  for (const std::uint32_t nibble : {0u, 7u, 15u}) {
    LineTable::second_nibble(line, nibble)[0] = static_cast<std::uint8_t>(nibble + 1);
  }
  for (const std::uint32_t nibble : {0u, 7u, 15u}) {
    EXPECT_EQ(LineTable::second_nibble(table.find(12345), nibble)[0], nibble + 1);
  }
  EXPECT_EQ(LineTable::second_nibble(line, 3)[0], 0) << "a fourth one begins anew";
}

EightShorts random_shorts(std::mt19937& random) {
  EightShorts shorts{};
  for (int i = 0; i < 8; ++i) shorts[i] = static_cast<std::int16_t>(random());
  return shorts;
}

TEST(EightShorts, AreMultipliedAlikeOnEveryMachine) {
  std::mt19937 random(7);
  for (int round = 0; round < 10'000; ++round) {
    const EightShorts a = random_shorts(random), b = random_shorts(random);
    const auto factor = static_cast<std::int16_t>(random());
    const EightShorts moved = add_product(a, b, factor);
    std::uint32_t sum = 0;
    for (int i = 0; i < 8; ++i) {
      sum += static_cast<std::uint32_t>(a[i] * b[i]);
      const int exact = a[i] + ((b[i] * factor + (1 << 15)) >> 16);
      ASSERT_EQ(moved[i], std::clamp(exact, -32768, 32767));
    }
    ASSERT_EQ(dot(a, b), static_cast<std::int32_t>(sum));
  }
}

TEST(SmallMixer, LearnsWhichInputIsRight) {
  SmallMixer mixer(2, 3500);
  const auto inputs_for = [](bool bit, int noise) {
    const auto right = static_cast<std::int16_t>(bit ? 300 : -300);
    return EightShorts{right, static_cast<std::int16_t>(noise)};
  };
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    const bool bit = random() % 2 == 0;
    const EightShorts inputs = inputs_for(bit, static_cast<int>(random() % 2000) - 1000);
    mixer.update(1, inputs, mixer.mix(1, inputs), bit);
  }
  EXPECT_GT(mixer.mix(1, inputs_for(true, -1000)), 200);
  EXPECT_LT(mixer.mix(1, inputs_for(false, 1000)), -200);
  EXPECT_LT(mixer.mix(0, inputs_for(true, -1000)), 0) << "rows learn apart";
}

TEST(MatchModel, FollowsARepeatAndIsSureOfIt) {
  Input input = random_input(3, 1000);
  input.insert(input.end(), input.begin(), input.begin() + 500);
  const std::vector<std::uint8_t> bytes = values_of(input);
  ByteHistory history{.bytes = bytes.data()};
  MatchModel match(6, 12);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 1006) {
      EXPECT_EQ(match.expected_byte(), bytes[i] + 256u) << i;
    }
    history.advance();
    match.look_ahead(history);
    match.next_byte(history);
  }
  match.prepare(1, 0);
  EXPECT_GT(match.bucket(), 20u);
}

// As at the beginning of a segment, where a place is visited twice.
TEST(MatchModel, NeverLooksAtTheByteToCome) {
  std::vector<std::uint8_t> bytes(60, 'a');
  bytes.push_back('b');
  ByteHistory history{.bytes = bytes.data()};
  MatchModel match(6, 12);
  for (std::size_t i = 0; i < 60; ++i) {
    history.advance();
    for (int visit = 0; visit < 3; ++visit) {
      match.look_ahead(history);
      match.next_byte(history);
      EXPECT_NE(match.expected_byte(), 'b' + 256u) << i;
    }
  }
}

TEST(MixerKernels, GiveTheSameBitsOnEveryInstructionSet) {
  std::mt19937 random(7);
  alignas(64) std::array<std::int32_t, 64> inputs{};
  alignas(64) std::array<std::array<std::int32_t, 64>, 3> weights{}, trained{};
  const MixerKernels portable = portable_mixer_kernels();
  for (int round = 0; round < 500; ++round) {
    for (auto& input : inputs) input = static_cast<std::int32_t>(random() & 0xffff0000u);
    for (auto& row : weights) {
      for (auto& weight : row) weight = static_cast<std::int32_t>(random());
    }
    const std::array<std::int32_t, 3> errors = {-32768, static_cast<std::int16_t>(random()), 32767};
    for (const Isa isa : usable_isas()) {
      trained = weights;
      auto plain = weights;
      MixerRows rows{.inputs = inputs.data(), .width = 64, .rows = 3, .weights = {}};
      MixerRows plain_rows = rows;
      for (std::size_t r = 0; r < 3; ++r) {
        rows.weights[r] = trained[r].data();
        plain_rows.weights[r] = plain[r].data();
      }
      std::array<std::int32_t, 3> sums{}, plain_sums{};
      const MixerKernels kernels = mixer_kernels(isa);
      kernels.dot(rows, sums.data());
      portable.dot(plain_rows, plain_sums.data());
      kernels.train(rows, errors.data());
      portable.train(plain_rows, errors.data());
      ASSERT_EQ(sums, plain_sums) << to_string(isa) << ", seed 7, round " << round;
      ASSERT_EQ(trained, plain) << to_string(isa) << ", seed 7, round " << round;
    }
  }
}

TEST(Mixer, LearnsWhichInputIsRight) {
  constexpr std::array<std::size_t, 1> kRows = {1};
  Mixer mixer({.inputs = 2, .set_rows = kRows, .final_rows = 1}, Isa::portable);
  mixer.set_initial_weight(0, 20'000);
  mixer.set_initial_weight(1, 20'000);
  std::mt19937 random(5);
  int mixture = 0;
  for (int i = 0; i < 2000; ++i) {
    const bool bit = random() % 2 != 0;
    mixer.set_input(0, bit ? 500 : -500);
    mixer.set_input(1, random() % 2 != 0 ? 500 : -500);
    mixture = mixer.mix(0);
    if (i > 1000) {
      EXPECT_EQ(mixture > 0, bit) << i;
    }
    mixer.update(bit);
  }
  EXPECT_GT(std::abs(mixture), 700);
}

TEST(X86Filter, UndoesItselfOnAnyBytes) {
  std::mt19937 random(9);
  for (std::size_t size = 0; size < 300; ++size) {
    std::vector<std::uint8_t> bytes(size);
    constexpr std::array<std::uint8_t, 6> kLikely = {0xe8, 0xe9, 0x00, 0xff, 0x01, 0xfe};
    for (auto& byte : bytes) byte = kLikely[random() % kLikely.size()];
    std::vector<std::uint8_t> filtered = bytes;
    to_absolute_calls(filtered);
    to_relative_calls(filtered);
    ASSERT_EQ(filtered, bytes) << "seed 9, size " << size;
  }
}

TEST(X86Filter, MakesCallsOfOneFunctionAlike) {
  std::vector<std::uint8_t> code(100, 0x90);
  for (const std::size_t at : {10u, 50u}) {
    const auto distance = static_cast<std::uint8_t>(90 - at);
    code[at] = 0xe8;
    code[at + 1] = distance;
    code[at + 2] = code[at + 3] = code[at + 4] = 0;
  }
  EXPECT_EQ(count_calls(code), 2u);
  to_absolute_calls(code);
  EXPECT_TRUE(std::equal(&code[10], &code[15], &code[50]));
}

TEST(ContentDetector, TilesEveryInput) {
  for (const NamedInput& input : nasty_inputs()) {
    std::size_t size = 0;
    for (const Segment& segment : detect_content(values_of(input.bytes))) {
      EXPECT_GT(segment.size, 0u);
      size += segment.size;
    }
    EXPECT_EQ(size, input.bytes.size()) << input.name;
  }
}

Content kind_of(const Input& input) {
  const auto segments = detect_content(values_of(input));
  EXPECT_EQ(segments.size(), 1u);
  return segments.front().content;
}

TEST(ContentDetector, KnowsTextRunsAndNoise) {
  EXPECT_EQ(kind_of(text_input(1, 100'000)), Content::text);
  EXPECT_EQ(kind_of(Input(1'000'000)), Content::run);
  EXPECT_EQ(kind_of(random_input(1, 300'000)), Content::stored);
  EXPECT_EQ(kind_of(all_bytes(300)), Content::binary) << "evenly spread, and yet no noise";
}

TEST(ContentDetector, ZerosBetweenTextsAreNoControlCharacters) {
  Input archive;
  for (std::uint64_t member = 0; member < 100; ++member) {
    const Input text = text_input(member, 2'000);
    archive.insert(archive.end(), text.begin(), text.end());
    archive.resize(archive.size() + 500);
  }
  EXPECT_EQ(kind_of(archive), Content::text);
  for (std::size_t i = 0; i < archive.size(); i += 40) archive[i] = std::byte{0};
  EXPECT_NE(kind_of(archive), Content::text) << "each of them is one";
}

TEST(ContentDetector, NoiseThatComesTwiceIsNotStoredTwice) {
  Input twice = random_input(2, 1 << 17);
  twice.insert(twice.end(), twice.begin(), twice.end());
  const auto segments = detect_content(values_of(twice));
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].content, Content::stored);
  EXPECT_NE(segments[1].content, Content::stored);
}

TEST(ContentDetector, FindsTheLengthOfRecords) {
  std::mt19937 random(4);
  std::vector<std::uint8_t> records;
  for (unsigned i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> record(37, 0);
    for (std::size_t k = 0; k < record.size(); ++k) {
      record[k] = static_cast<std::uint8_t>(k % 3 == 0 ? random() : 11 * k);
    }
    records.insert(records.end(), record.begin(), record.end());
  }
  const auto segments = detect_content(records);
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0].width, 37u) << "seed 4";
}

}  // namespace
}  // namespace evalzip
