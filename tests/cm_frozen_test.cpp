// Freezes what the models predict: whoever changes a hash here changes kCmModelVersion too.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "codecs/cm_header.h"
#include "codecs/content_hash.h"
#include "codecs/context/sample_order.h"
#include "codecs/context/strong_model.h"
#include "codecs/range_coder.h"
#include "tests/nasty_inputs.h"
#include "tests/sample_files.h"

namespace evalzip {
namespace {

// The hash of the bits of one segment, coded by itself, so that no choice of the encoder matters.
std::string coded(const Segment& format, Values values, Isa isa) {
  Segment segment = format;
  segment.size = values.size();
  if (segment.content == Content::image) to_ordered_samples(values, segment);
  Input stream(2 * values.size());
  RangeEncoder encoder(stream);
  StrongModel model(values.data(), StrongModel::Size::of_level(4, values.size()), isa);
  model.begin(segment);
  for (const unsigned value : values) {
    for (unsigned bit = 8; bit-- > 0;) {
      const bool one = (value >> bit & 1u) != 0;
      encoder.put_bit(one, model.probability_of_one(), StrongModel::kProbabilityBits);
      model.update(one);
    }
    model.next_byte();
  }
  stream.resize(encoder.finish().value());
  return hex(digest_of(stream)).substr(0, 16) + " of " + std::to_string(stream.size());
}

void expect_frozen(std::string_view expected, const Segment& format, const Values& values) {
  for (const Isa isa : usable_isas()) {
    EXPECT_EQ(coded(format, values, isa), expected) << to_string(isa);
  }
}

// A slope with noise, dark in the middle for longer than anything is remembered.
Values picture(std::size_t samples, unsigned bytes) {
  Values values;
  std::uint32_t state = 5;
  for (std::size_t i = 0; i < samples; ++i) {
    state = state * 1664525u + 1013904223u;
    const bool dark = i > samples / 3 && i < samples / 2;
    const auto slope = static_cast<std::uint32_t>(i % 61 * 310 + i / 61 * 230);
    const std::uint32_t value = dark ? (i % 97 == 0 ? 9 : 0) : slope + (state >> 25);
    put(values, value, bytes);
  }
  return values;
}

TEST(CmFrozen, APictureOfSixteenBits) {
  Segment format{.content = Content::image, .width = 122};
  format.sample = 2;
  format.little_endian = true;
  expect_frozen("79df9dec61495f3e of 7704", format, picture(9'000, 2));
}

TEST(CmFrozen, APictureInThreeColours) {
  Segment format{.content = Content::image, .width = 183};
  format.channels = 3;
  Values values = picture(3'000, 3);
  expect_frozen("f26133dc248ed8df of 2883", format, values);
}

TEST(CmFrozen, SoundOfTwentyFourBits) {
  Segment format{.content = Content::image};
  format.sample = 3;
  format.channels = 2;
  format.little_endian = format.is_signed = true;
  expect_frozen("520127179b71604f of 5464", format, rough_samples(4'000, 3));
}

TEST(CmFrozen, TablesOfThirtyTwoBits) {
  Segment format{.content = Content::image, .width = 80};
  format.sample = 4;
  format.channels = 5;
  Values values = rough_samples(3'000, 4);
  for (std::size_t i = 0; i < values.size(); i += 4) std::swap(values[i], values[i + 3]);
  for (std::size_t i = 0; i < values.size(); i += 20) values[i] = 0xf0;
  expect_frozen("d5ee27f5f652e8ad of 4410", format, values);
}

Values numbered(std::string_view record, std::size_t records) {
  Values values;
  std::uint32_t state = 7;
  for (std::size_t i = 0; i < records; ++i) {
    for (const char c : record) {
      state = state * 1664525u + 1013904223u;
      if (c == '#') {
        put(values, std::to_string(state >> 22));
      } else {
        values.push_back(static_cast<std::uint8_t>(c));
      }
    }
  }
  return values;
}

TEST(CmFrozen, Markup) {
  const Values values = numbered(R"( {"id": #, "name": "#", "tags": [#, "#"]},)"
                                 "\n<a href=\"#\">#</a>\n#,#\n",
                                 150);
  expect_frozen("924eb70e039f2e40 of 1726", {.content = Content::markup}, values);
}

TEST(CmFrozen, TextInOtherLanguages) {
  const Values values = numbered(
      "\u042f \u0437\u043d\u0430\u044e # \u0441\u043b\u043e\u0432, \u65e5\u672c\u8a9e#\u3002\n",
      200);
  expect_frozen("dd600a1d92cfa742 of 633", {.content = Content::multilingual}, values);
}

TEST(CmFrozen, TextAndRecords) {
  expect_frozen("eab071e22c2ec713 of 1228", {.content = Content::text},
                numbered("The # of the # is not #.\n", 300));
  expect_frozen("fd0f5631476c9125 of 4048", {.content = Content::binary, .width = 12},
                rough_samples(3'000, 3));
}

}  // namespace
}  // namespace evalzip
