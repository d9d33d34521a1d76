// The cm stream: round trips, equal bytes everywhere, refusals, memory.
#include "codecs/cm_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "codecs/cm_header.h"
#include "codecs/context/strong_model.h"
#include "codecs/entropy_model.h"
#include "codecs/registry.h"
#include "harness/build_info.h"
#include "tests/nasty_inputs.h"
#include "tests/sample_files.h"

namespace evalzip {
namespace {

Input encoded(const Input& input, unsigned level, Isa isa = preferred_isa()) {
  Input output(ContextMixingCoder::bound(input.size()));
  const auto size = ContextMixingCoder(level, isa).encode(input, output);
  EXPECT_TRUE(size);
  output.resize(size.value());
  return output;
}

Result<Input> decoded(const Input& stream, std::size_t size, Isa isa = preferred_isa()) {
  Input output(size);
  const auto written = ContextMixingCoder(6, isa).decode(stream, output);
  if (!written) return written.error();
  return output;
}

void append(Input& to, const Input& from) { to.insert(to.end(), from.begin(), from.end()); }

// Something of every kind of content, in one block.
Input every_kind() {
  Input block = text_input(1, 66'000);
  append(block, random_input(2, 131'072));
  append(block, Input(140'000, std::byte{7}));
  Input code = random_input(3, 131'072, 40);
  for (std::size_t i = 0; i + 5 < code.size(); i += 25) {
    code[i] = std::byte{0xe8};
    code[i + 4] = std::byte{0};
  }
  append(block, code);
  for (unsigned i = 0; i < 70'000; ++i)
    block.push_back(static_cast<std::byte>(i / 300 + i % 4 * 60));
  return block;
}

TEST(Cm, EveryKindOfContentComesBackOnEveryInstructionSet) {
  const Input block = every_kind();
  for (const unsigned level : {1u, 5u}) {
    const Input stream = encoded(block, level, Isa::portable);
    for (const Isa isa : usable_isas()) {
      EXPECT_EQ(encoded(block, level, isa), stream) << to_string(isa) << ", level " << level;
    }
    const auto back = decoded(stream, block.size());
    ASSERT_TRUE(back);
    EXPECT_TRUE(back.value() == block) << "level " << level;
  }
}

TEST(Cm, EveryLevelDecodesEveryOther) {
  const Input text = text_input(8, 5'000);
  for (unsigned level = kFirstContextLevel; level <= kLastContextLevel; ++level) {
    const auto back = decoded(encoded(text, level), text.size());
    ASSERT_TRUE(back) << level;
    EXPECT_TRUE(back.value() == text) << level;
  }
}

TEST(Cm, NoiseGrowsByItsHeaderOnly) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{300'000}}) {
    EXPECT_LE(encoded(random_input(4, size), 6).size(), size + kCmShortHeader);
  }
}

TEST(Cm, RunsCostNothing) {
  EXPECT_LT(encoded(Input(20'000'000), 6).size(), 16u);
  Input almost(1'000'000);
  almost[500'000] = std::byte{1};
  EXPECT_LT(encoded(almost, 6).size(), 200u);
}

TEST(Cm, TheCoderLosesNextToNothing) {
  const Input text = text_input(9, 100'000);
  for (const unsigned level : {2u, 6u}) {
    ContextMixingCoder coder(level, preferred_isa());
    const double ideal = coder.ideal_bits(text);
    EXPECT_NEAR(8.0 * static_cast<double>(encoded(text, level).size()), ideal, 200 + 0.001 * ideal);
  }
}

TEST(Cm, AnotherModelVersionIsRefused) {
  Input stream = encoded(text_input(10, 1'000), 6);
  stream[0] = static_cast<std::byte>(kCmModelVersion + 1);
  EXPECT_EQ(decoded(stream, 1'000).error(), Fault::unsupported_input);
}

TEST(Cm, HeadersThatLieAreRefused) {
  const auto refused = [](const CmHeader& header) {
    const std::vector<std::byte> bytes = write_cm_header(header);
    const auto parsed = read_cm_header(bytes, 100);
    return !parsed && parsed.error() == Fault::corrupt_input;
  };
  const Segment text{.content = Content::text, .size = 100};
  const Segment longer{.content = Content::text, .size = 101};
  const Segment image{.content = Content::image, .size = 100, .width = 12, .channels = 3};
  const Segment sample{.content = Content::image, .size = 100, .width = 10, .sample = 5};
  const Segment none_in_it{.content = Content::image, .size = 100, .width = 0, .sample = 0};
  const Segment odd{.content = Content::image, .size = 100, .width = 9, .sample = 2};
  const Segment wide{.content = Content::image, .size = 100, .width = kWidestImage + 1};
  const Segment many{.content = Content::image, .size = 100, .channels = kMostChannels + 1};
  const Segment no_channel{.content = Content::image, .size = 100, .channels = 0};
  const Segment order{.content = Content::image, .size = 100, .little_endian = true};
  const Segment column{.content = Content::binary, .size = 100, .width = 1};
  const Segment none{.content = Content::text, .size = 0};
  EXPECT_FALSE(refused({.level = 6, .segments = {text}}));
  EXPECT_TRUE(refused({.level = 6, .segments = {longer}}));
  EXPECT_FALSE(refused({.level = 6, .segments = {image}}));
  for (const Segment& lie : {sample, none_in_it, odd, wide, many, no_channel, order}) {
    EXPECT_TRUE(refused({.level = 6, .segments = {lie}})) << lie.width << ", " << lie.channels;
  }
  EXPECT_TRUE(refused({.level = 6, .segments = {column}}));
  EXPECT_TRUE(refused({.level = 6, .segments = {none, text}}));
  EXPECT_TRUE(refused({.level = 6, .segments = {}}));
  EXPECT_TRUE(refused({.level = 0, .segments = {text}}));
  EXPECT_TRUE(refused({.level = 10, .segments = {text}}));
}

TEST(Cm, BytesBehindTheEndAreCorrupt) {
  for (const Input& input : {text_input(11, 2'000), random_input(12, 2'000), Input(5'000)}) {
    Input stream = encoded(input, 6);
    stream.push_back(std::byte{1});
    EXPECT_EQ(decoded(stream, input.size()).error(), Fault::corrupt_input);
  }
}

// A guest that knows every bit, or none. The parts are coded side by side.
double guided_bits(const std::vector<std::uint8_t>& bytes, std::size_t parts, bool knows) {
  StrongModel model(bytes.data(), {.line_bits = 12, .match_bits = 12}, preferred_isa(), true);
  model.begin({.content = Content::text, .size = bytes.size()});
  const std::size_t length = bytes.size() / parts;
  std::vector<StrongModel::Part> all;
  for (std::size_t i = 0; i < parts; ++i) {
    all.push_back({{.bytes = bytes.data() + i * length,
                    .origin = i * length,
                    .section_end = bytes.size(),
                    .part = length},
                   {},
                   {}});
  }
  CodeLengthMeter meter;
  for (std::size_t step = 0; step < length; ++step) {
    for (std::size_t i = 0; i < parts; ++i) {
      model.open(all[i]);
      for (unsigned bit = 8; bit-- > 0;) {
        const bool one = (bytes[i * length + step] >> bit & 1u) != 0;
        model.predict_with(!knows ? 0 : one ? 1800 : -1800);
        meter.put_bit(one, model.probability_of_one(), StrongModel::kProbabilityBits);
        model.learn(one);
      }
      model.close(all[i]);
    }
  }
  return meter.bits();
}

TEST(Cm, AnotherModelsPredictionIsBelievedOnceItProvesRight) {
  std::vector<std::uint8_t> noise(4'000);
  std::ranges::transform(random_input(13, noise.size()), noise.begin(),
                         std::to_integer<std::uint8_t>);
  for (const std::size_t parts : {1u, 8u}) {
    EXPECT_GT(guided_bits(noise, parts, false), 7.9 * 4'000);
    EXPECT_LT(guided_bits(noise, parts, true), 0.3 * 4'000);
  }
}

TEST(Cm, PartsThatShareAModelLearnFromEachOther) {
  std::vector<std::uint8_t> twice(8'000);
  std::ranges::transform(random_input(15, 1'000), twice.begin(), std::to_integer<std::uint8_t>);
  for (std::size_t i = 1'000; i < twice.size(); ++i) twice[i] = twice[i - 1'000];
  EXPECT_LT(guided_bits(twice, 1, false), 1.3 * 8'000);
  EXPECT_LT(guided_bits(twice, 8, false), 7.0 * 8'000);  // no part is ahead of the others by much
}

std::uint64_t status_bytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stoull(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

// Text, bytes, and a picture of the widest rows.
Input memory_hungry() {
  Input block = text_input(1, 100'000);
  append(block, random_input(14, 100'000, 100));
  for (const std::uint8_t value : portable_map("P5 262144 2 255\n", kWidestImage, 2, 1)) {
    block.push_back(std::byte{value});
  }
  return block;
}

TEST(Cm, TakesTheMemoryItAnnounces) {
  if (build_info().sanitizers) GTEST_SKIP() << "the address sanitizer keeps memory of its own";
  std::ofstream("/proc/self/clear_refs") << 5;
  if (status_bytes("VmHWM:") == 0) GTEST_SKIP() << "this system does not tell peak memory";
  const Input input = memory_hungry();
  Input output(ContextMixingCoder::bound(input.size()));
  std::ranges::fill(output, std::byte{1});
  const Registry codecs = builtin_codecs();
  const CodecInfo& cm = *codecs.find("cm");
  const Params params("cm", cm.parameters, {{"level", "5"}});
  const std::uint64_t before = status_bytes("VmRSS:");
  ASSERT_TRUE(cm.make(params)->encode(input, output));
  const double used = static_cast<double>(status_bytes("VmHWM:") - before);
  const double announced = static_cast<double>(cm.memory_bytes(params, input.size()));
  EXPECT_NEAR(used, announced, 0.05 * announced);
}

}  // namespace
}  // namespace evalzip
