// Blocks through context mixing at level 4 and back.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <vector>

#include "codecs/cm_header.h"
#include "codecs/cm_stream.h"
#include "codecs/context/content_detector.h"
#include "codecs/context/image_headers.h"
#include "tests/nasty_inputs.h"
#include "tests/sample_files.h"

namespace evalzip {

inline Input as_input(const Values& values) {
  Input input(values.size());
  std::ranges::transform(values, input.begin(), [](std::uint8_t v) { return std::byte{v}; });
  return input;
}

inline Values as_values(const Input& input) {
  Values values(input.size());
  std::ranges::transform(input, values.begin(), std::to_integer<std::uint8_t>);
  return values;
}

// What of the block, which its segments tile, is taken for samples.
inline std::vector<FoundSamples> samples_in(std::span<const std::uint8_t> block) {
  std::vector<FoundSamples> found;
  std::size_t begin = 0;
  for (const Segment& segment : detect_content(block)) {
    if (segment.content == Content::image) found.push_back({.begin = begin, .segment = segment});
    begin += segment.size;
  }
  EXPECT_EQ(begin, block.size());
  return found;
}

inline Input encoded(const Values& values) {
  Input output(ContextMixingCoder::bound(values.size()));
  const auto size = ContextMixingCoder(4, preferred_isa()).encode(as_input(values), output);
  EXPECT_TRUE(size);
  output.resize(size.value());
  return output;
}

// Encodes, decodes, compares; how many bytes it took.
inline std::size_t there_and_back(const Values& values) {
  const Input stream = encoded(values);
  Input back(values.size());
  const auto size = ContextMixingCoder(4, preferred_isa()).decode(stream, back);
  EXPECT_TRUE(size && as_values(back) == values);
  return stream.size();
}

inline std::vector<Segment> segments_in(const Values& values) {
  const auto parsed = read_cm_header(encoded(values), values.size());
  EXPECT_TRUE(parsed);
  return parsed.value().header.segments;
}

}  // namespace evalzip
