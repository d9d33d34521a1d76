#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "codecs/codec_spec.h"
#include "tests/nasty_inputs.h"

namespace evalzip {
namespace {

// Two channels of little-endian 16-bit samples, of different tones, smooth but not periodic in
// whole samples.
Input two_tones(std::size_t frames) {
  Input bytes;
  for (std::size_t i = 0; i < frames; ++i) {
    for (const double step : {0.0137, 0.0071}) {
      const double sample = 12'000 * std::sin(step * static_cast<double>(i));
      const auto value = static_cast<std::uint32_t>(std::lround(sample) + 32'768);
      bytes.push_back(static_cast<std::byte>(value & 0xff));
      bytes.push_back(static_cast<std::byte>(value >> 8 & 0xff));
    }
  }
  return bytes;
}

// The encoding, after its round trip.
Input encoded(const std::string& spec, Bytes input) {
  static const Registry registry = builtin_codecs();
  const CodecSpec parsed = parse_codec_spec(registry, spec);
  const auto codec = parsed.codec->make(parsed.params);
  Input output(codec->bound(input.size())), back(input.size());
  const auto size = codec->encode(input, output);
  EXPECT_TRUE(size) << spec;
  output.resize(size ? size.value() : 0);
  EXPECT_TRUE(codec->decode(output, back)) << spec;
  EXPECT_TRUE(std::ranges::equal(back, input)) << spec;
  return output;
}

class Filtered : public testing::TestWithParam<std::string> {
 protected:
  std::string with(const std::string& filter) const {
    return GetParam() + (GetParam().find(':') == std::string::npos ? ":" : ",") + filter;
  }
};

TEST_P(Filtered, ALongerPredictionMakesASmoothSignalSmaller) {
  const Input signal = two_tones(30'000);
  const std::size_t plain = encoded(GetParam(), signal).size();
  const std::size_t last = encoded(with("delta=2,stride=2"), signal).size();
  const std::size_t line = encoded(with("delta=2,stride=2,predict=2"), signal).size();
  EXPECT_LT(last, plain * 3 / 4);
  EXPECT_LT(line, last / 2);
}

TEST_P(Filtered, EveryFilterUndoesItselfAtEveryShortLength) {
  const Input noise = random_input(31, 100);
  for (const char* width : {"1", "2", "4"}) {
    for (const char* predict : {"1", "2", "3"}) {
      for (const char* stride : {"1", "3", "70"}) {
        const std::string filter =
            std::string("delta=") + width + ",predict=" + predict + ",stride=" + stride;
        for (std::size_t size = 0; size <= noise.size(); size += 1 + size / 10) {
          encoded(with(filter), Bytes(noise).first(size));
        }
      }
    }
  }
}

TEST_P(Filtered, AShortInputAfterALongOneKeepsNothingOfIt) {
  static const Registry registry = builtin_codecs();
  const CodecSpec spec = parse_codec_spec(registry, with("delta=4"));
  const auto codec = spec.codec->make(spec.params);
  const Input longer = two_tones(5'000), shorter = text_input(32, 700);
  Input output(codec->bound(longer.size()));
  ASSERT_TRUE(codec->encode(longer, output));
  const auto size = codec->encode(shorter, output);
  ASSERT_TRUE(size);
  output.resize(size.value());
  EXPECT_EQ(output, encoded(with("delta=4"), shorter));
}

TEST_P(Filtered, AWidthThatDoesNotExistIsRefusedWithThoseThatDo) {
  static const Registry registry = builtin_codecs();
  try {
    parse_codec_spec(registry, with("delta=3"));
    FAIL() << "accepted";
  } catch (const SpecError& error) {
    EXPECT_NE(std::string(error.what()).find("4"), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, Filtered,
                         testing::Values("huffman", "rans:order=0", "rans:order=1",
                                         "arithmetic:order=0", "arithmetic:order=1",
                                         "arithmetic:order=0,model=static"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           for (char& c : name) {
                             if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace evalzip
