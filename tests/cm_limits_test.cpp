// What cm's segments may say, and that no encoder says more.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "codecs/cm_header.h"
#include "codecs/cm_stream.h"
#include "tests/nasty_inputs.h"
#include "tests/sample_files.h"

namespace evalzip {
namespace {

struct NamedFile {
  std::string name;
  Values bytes;
};

// With the digit in place of the dollar sign.
std::string header(std::string text, std::uint32_t columns) {
  text[text.find('$')] = static_cast<char>('0' + columns);
  return text;
}

// Pictures of a few columns in the formats that say how many.
std::vector<NamedFile> narrow_files(std::uint32_t columns) {
  constexpr std::uint32_t kRows = 1'300;
  Values dicom = dicom_file(columns, 2 * kRows);
  dicom[38] = 8;  // bits
  Values nifti = nifti_file(columns, 2 * kRows);
  nifti[70] = 2;  // bytes
  nifti[72] = 8;
  return {{"pgm", portable_map(header("P5\n$ 1300\n255\n", columns), columns, kRows, 1)},
          {"pgm of 16 bits", portable_map(header("P5\n$ 1300\n999\n", columns), columns, kRows, 2)},
          {"ppm", portable_map(header("P6\n$ 1300\n255\n", columns), columns, kRows, 3)},
          {"pam",
           portable_map(header("P7\nWIDTH $\nHEIGHT 1300\nDEPTH 1\nMAXVAL 255\nENDHDR\n", columns),
                        columns, kRows, 1)},
          {"bmp", bitmap_file(columns, kRows, 8)},
          {"tiff", tagged_file(columns, kRows, 1, 8)},
          {"tiff of 16 bits", tagged_file(columns, kRows, 1, 16)},
          {"dicom", dicom},
          {"dicom of 16 bits", dicom_file(columns, kRows)},
          {"nifti", nifti},
          {"nifti of 16 bits", nifti_file(columns, kRows)}};
}

TEST(CmLimits, PicturesOfAFewColumnsComeBack) {
  for (const std::uint32_t columns : {1u, 2u, 3u, 4u, 5u}) {
    for (const NamedFile& file : narrow_files(columns)) {
      for (const unsigned level : {1u, 4u}) {
        const auto block = std::as_bytes(std::span(file.bytes));
        Input stream(ContextMixingCoder::bound(block.size())), back(block.size());
        ContextMixingCoder coder(level, preferred_isa());
        const auto size = coder.encode(block, stream);
        ASSERT_TRUE(size);
        stream.resize(size.value());
        EXPECT_TRUE(coder.decode(stream, back) && std::ranges::equal(back, block))
            << file.name << ", " << columns << " columns, level " << level;
        const auto parsed = read_cm_header(stream, block.size());
        ASSERT_TRUE(parsed);
        EXPECT_TRUE(std::ranges::any_of(
            parsed.value().header.segments,
            [](const Segment& segment) { return segment.content == Content::image; }))
            << file.name << ", " << columns << " columns, level " << level;
      }
    }
  }
}

bool is_read(Segment segment) {
  const CmHeader header{.level = 4, .segments = {segment}};
  return static_cast<bool>(read_cm_header(write_cm_header(header), segment.size));
}

TEST(CmLimits, RowsOfAnImageAreWholeLongEnoughAndInIt) {
  Segment image{.content = Content::image, .size = 1'000};
  image.sample = 2;
  image.channels = 3;
  for (const std::uint32_t width : {0u, 24u, 26u, 1'000u}) {
    image.width = width;
    EXPECT_TRUE(is_read(image)) << width;
  }
  for (const std::uint32_t width : {1u, 2u, 6u, 22u, 25u, 1'002u}) {
    image.width = width;
    EXPECT_FALSE(is_read(image)) << width;
  }
  image.size = std::size_t{1} << 30;
  image.width = kWidestImage;
  EXPECT_TRUE(is_read(image));
  image.width += 2;
  EXPECT_FALSE(is_read(image));
}

}  // namespace
}  // namespace evalzip
