// Headers of samples that are not what they say, and those of hostile blocks.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "codecs/context/image_headers.h"
#include "tests/cm_round_trip.h"
#include "tests/nasty_inputs.h"
#include "tests/sample_files.h"

namespace evalzip {
namespace {

// Phrases over and over, as compilers write them, with calls between.
Values like_code(std::size_t size) {
  std::mt19937 random(11);
  Values code;
  while (code.size() < size) {
    const auto phrase = random() % 40 * (random() % 3 + 1);
    for (std::uint32_t i = 0; i < 5 + phrase % 6; ++i) {
      code.push_back(static_cast<std::uint8_t>((phrase + i * i) * 37 + 0x41));
    }
    const auto target = static_cast<std::uint32_t>(random() % 64 * 512 - code.size()) & 0xffffffu;
    code.push_back(0xe8);
    for (unsigned i = 0; i < 3; ++i) code.push_back(static_cast<std::uint8_t>(target >> (8 * i)));
    code.push_back(0);
  }
  code.resize(size);
  return code;
}

Values header_of(const Values& file, std::size_t size) {
  return {file.begin(), file.begin() + size};
}

TEST(SampleHeaders, ThatLieCostLessThanAFiftieth) {
  const Values text = as_values(text_input(3, 150'000));
  const std::string endless = "P5 9 9999999 255\n", fits = "P5 100 1400 255\n";
  const std::vector<Values> headers = {
      header_of(targa_file(200, 200, 24), 18), header_of(wave_file(30'000, 2, 16), 44),
      header_of(bitmap_file(200, 200, 24), 54), Values(endless.begin(), endless.end()),
      Values(fits.begin(), fits.end())};
  for (const Values& rest : {like_code(150'000), text}) {
    for (const Values& header : headers) {
      Values lie = rest;
      std::ranges::copy(header, lie.begin() + 9'000);
      EXPECT_TRUE(SampleFinder(lie).next(0));
      Values truth = lie;
      for (std::size_t i = 0; i < 3; ++i) truth[9'000 + i] = '?';
      EXPECT_FALSE(SampleFinder(truth).next(0));
      EXPECT_LE(there_and_back(lie), there_and_back(truth) * 51 / 50) << header.size();
    }
  }
}

TEST(SampleHeaders, OfEndlessSoundEndWhereTheSoundDoes) {
  Values block = header_of(wave_file(40'000, 1, 16), 44);
  for (std::size_t i = 40; i < 44; ++i) block[i] = 0xff;
  std::mt19937 random(2);
  std::uint32_t value = 9'000;
  for (int i = 0; i < 40'000; ++i) {
    value += static_cast<std::uint32_t>(random() % 257) - 128;
    block.push_back(static_cast<std::uint8_t>(value));
    block.push_back(static_cast<std::uint8_t>(value >> 8));
  }
  const std::size_t sound = block.size();
  const Values text = as_values(text_input(3, 200'000));
  block.insert(block.end(), text.begin(), text.end());
  const auto segments = segments_in(block);
  ASSERT_EQ(segments.size(), 3u);
  EXPECT_EQ(segments[1].content, Content::image);
  EXPECT_NEAR(static_cast<double>(44 + segments[1].size), static_cast<double>(sound), 4096);
  EXPECT_EQ(segments[2].content, Content::text);
}

TEST(SampleHeaders, AreNoneWhereHardlyAnySamplesFollow) {
  Values block = as_values(text_input(3, 16'000));
  const std::string header = "P5 100 100 255\n";
  block.insert(block.end(), header.begin(), header.end());
  block.insert(block.end(), 50, 7);
  EXPECT_TRUE(samples_in(block).empty());
}

// The hundredth picture is found as the first was, and tags that lead nowhere are given up.
TEST(SampleHeaders, OfManyPicturesBehindEachOtherAreAllFound) {
  Values block;
  for (int i = 0; i < 100; ++i) {
    const Values file = dicom_file(61, 50);
    block.insert(block.end(), file.begin(), file.end());
  }
  EXPECT_EQ(samples_in(block).size(), 100u);
  constexpr std::array<std::uint8_t, 8> kTag = {0xe0, 0x7f, 0x10, 0, 0, 8, 0, 0};
  Values tags(70 * kTag.size());
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = kTag[i % kTag.size()];
  std::ranges::copy(block, std::back_inserter(tags));
  EXPECT_TRUE(samples_in(tags).empty());
}

// Of 16 bits, with the fields that say where strips are and what samples are.
Values tagged_file_with(const TaggedField& strips, const TaggedField& format, unsigned channels) {
  return tagged_file({{256, 61}, {257, 50}, {258, 16}, {259, 1}, strips, {277, channels}, format},
                     std::size_t{61} * 50 * 2 * channels);
}

TEST(SampleHeaders, OfTaggedFilesTellWhetherSamplesAreSigned) {
  constexpr TaggedField kStrip{.tag = 273, .value = 128};
  const auto is_signed = [&](const TaggedField& format, unsigned channels, std::uint8_t far = 1) {
    Values file = tagged_file_with(kStrip, format, channels);
    file[120] = far;
    const auto found = samples_in(file);
    EXPECT_EQ(found.size(), 1u);
    return !found.empty() && found[0].segment.is_signed;
  };
  EXPECT_FALSE(is_signed({.tag = 339, .value = 1}, 1));
  EXPECT_TRUE(is_signed({.tag = 339, .value = 2}, 1));
  EXPECT_FALSE(is_signed({.tag = 339, .value = 3}, 1)) << "floats";
  EXPECT_TRUE(is_signed({.tag = 339, .value = 2 << 16 | 2, .count = 2}, 2));
  EXPECT_TRUE(is_signed({.tag = 339, .value = 120, .count = 3}, 3, 2)) << "far from the field";
  EXPECT_FALSE(is_signed({.tag = 339, .value = 120, .count = 3}, 3, 1));
  EXPECT_FALSE(is_signed({.tag = 340, .value = 2}, 1)) << "of another meaning";
}

TEST(SampleHeaders, OfTaggedFilesTellWhereTheFirstStripBegins) {
  constexpr TaggedField kUnsigned{.tag = 339, .value = 1};
  const auto begin = [&](const TaggedField& strips) {
    Values file = tagged_file_with(strips, kUnsigned, 1);
    file[120] = 130;
    const auto found = samples_in(file);
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? 0 : found[0].begin;
  };
  EXPECT_EQ(begin({.tag = 273, .value = 128}), 128u);
  EXPECT_EQ(begin({.tag = 273, .value = 4'000u << 16 | 132, .count = 2}), 132u);
  EXPECT_EQ(begin({.tag = 273, .value = 120, .count = 3}), 130u) << "far from the field";
}

TEST(SampleHeaders, OfKindsWithoutPlainSamplesAreNone) {
  Values wave = wave_file(3'000, 2, 16);
  wave[20] = 2;  // differences of four bits
  EXPECT_TRUE(samples_in(wave).empty());
  for (const unsigned bits : {9u, 40u, 48u, 128u}) {
    Values bitmap = bitmap_file(61, 50, 24);
    bitmap[28] = static_cast<std::uint8_t>(bits);
    EXPECT_TRUE(samples_in(bitmap).empty()) << bits;
  }
  Values targa = targa_file(61, 50, 24);
  targa[17] |= 3;  // of attributes, which three colours have none of
  EXPECT_TRUE(samples_in(targa).empty());
  targa = targa_file(61, 50, 24);
  targa.resize(targa.size() - 100);
  EXPECT_TRUE(samples_in(targa).empty()) << "not all there";
}

}  // namespace
}  // namespace evalzip
