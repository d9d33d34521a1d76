// Pictures, sound and tables of numbers: how they are found and predicted.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "codecs/cm_header.h"
#include "codecs/cm_stream.h"
#include "codecs/context/bell.h"
#include "codecs/context/content_choice.h"
#include "codecs/context/content_detector.h"
#include "codecs/context/image_headers.h"
#include "codecs/context/least_squares.h"
#include "codecs/context/sample_order.h"
#include "codecs/context/strong_model.h"
#include "tests/cm_round_trip.h"
#include "tests/nasty_inputs.h"
#include "tests/sample_files.h"

namespace evalzip {
namespace {

struct NamedFile {
  std::string name;
  Values bytes;
  Segment expected;
};

std::vector<NamedFile> files() {
  const auto image = [](std::uint32_t width, std::uint32_t sample, std::uint32_t channels,
                        bool little_endian = false, bool is_signed = false) {
    Segment segment{.content = Content::image, .width = width};
    segment.sample = sample;
    segment.channels = channels;
    segment.little_endian = little_endian;
    segment.is_signed = is_signed;
    return segment;
  };
  return {{"bmp of 8 bits", bitmap_file(61, 50, 8), image(64, 1, 1)},
          {"bmp of 16 bits", bitmap_file(61, 50, 16), image(124, 2, 1, true)},
          {"bmp of 24 bits", bitmap_file(61, 50, 24), image(184, 1, 3)},
          {"bmp of 32 bits", bitmap_file(61, 50, 32), image(244, 1, 4)},
          {"pgm", portable_map("P5\n# a comment\n61 50\n255\n", 61, 50, 1), image(61, 1, 1)},
          {"pgm of 16 bits", portable_map("P5 61 50 4095\n", 61, 50, 2), image(122, 2, 1)},
          {"ppm", portable_map("P6\n61 50\n255\n", 61, 50, 3), image(183, 1, 3)},
          {"pam", portable_map("P7\nWIDTH 61\nHEIGHT 50\nDEPTH 4\nMAXVAL 255\nENDHDR\n", 61, 50, 4),
           image(244, 1, 4)},
          {"tiff", tagged_file(61, 50, 3, 8), image(183, 1, 3)},
          {"tiff of 16 bits", tagged_file(61, 50, 1, 16), image(122, 2, 1, true)},
          {"tga", targa_file(61, 50, 24), image(183, 1, 3)},
          {"wave of 8 bits", wave_file(3'000, 1, 8), image(0, 1, 1)},
          {"wave of 16 bits", wave_file(3'000, 2, 16), image(0, 2, 2, true, true)},
          {"wave of 24 bits", wave_file(3'000, 2, 24), image(0, 3, 2, true, true)},
          {"dicom", dicom_file(61, 50), image(122, 2, 1, true)},
          {"nifti", nifti_file(61, 50), image(122, 2, 1, true, true)}};
}

bool same_format(const Segment& a, const Segment& b) {
  return a.content == b.content && a.width == b.width && a.sample == b.sample &&
         a.channels == b.channels && a.little_endian == b.little_endian &&
         a.is_signed == b.is_signed;
}

TEST(SampleHeaders, AreFoundAloneAndBehindOtherBytes) {
  for (const NamedFile& file : files()) {
    for (const std::size_t offset : {0u, 512u, 70'001u}) {
      Values block = as_values(text_input(3, offset));
      block.insert(block.end(), file.bytes.begin(), file.bytes.end());
      const auto found = samples_in(block);
      ASSERT_EQ(found.size(), 1u) << file.name << " at " << offset;
      EXPECT_TRUE(same_format(found[0].segment, file.expected)) << file.name;
      EXPECT_LE(found[0].begin + found[0].segment.size, block.size()) << file.name;
      EXPECT_GE(found[0].begin + found[0].segment.size + 3, block.size()) << file.name;
    }
  }
}

TEST(SampleHeaders, OfFilesBehindEachOtherAreAllFound) {
  Values block;
  for (const NamedFile& file : files())
    block.insert(block.end(), file.bytes.begin(), file.bytes.end());
  EXPECT_EQ(samples_in(block).size(), files().size());
  there_and_back(block);
}

TEST(SampleHeaders, ThatLieOrAreCutStayWithinTheBlock) {
  std::size_t believed = 0;
  for (const NamedFile& file : files()) {
    for (std::size_t size = 0; size < 1024; size += 7) {
      EXPECT_TRUE(samples_in(std::span(file.bytes).first(size)).empty()) << file.name;
    }
    std::mt19937 random(1);
    for (int run = 0; run < 100; ++run) {
      Values lie = file.bytes;
      for (int i = 0; i < 3; ++i) lie[random() % 400] = static_cast<std::uint8_t>(random());
      for (const FoundSamples& found : samples_in(lie)) {
        ++believed;
        ASSERT_LE(found.begin + found.segment.size, lie.size()) << file.name << ", run " << run;
        ASSERT_LE(found.segment.width, kWidestImage) << file.name << ", seed 1, run " << run;
        ASSERT_LE(found.segment.channels, kMostChannels) << file.name << ", seed 1, run " << run;
      }
    }
    Values wide = file.bytes;
    for (std::size_t i = 16; i < 26 && i < wide.size(); ++i) wide[i] ^= 0x15;
    there_and_back(wide);
  }
  EXPECT_GT(believed, files().size());
}

TEST(SampleOrder, ComesBack) {
  for (const std::uint32_t sample : {1u, 2u, 3u, 4u}) {
    for (const bool is_signed : {false, true}) {
      Segment segment{.content = Content::image, .size = 1003};
      segment.sample = sample;
      segment.little_endian = sample > 1;
      segment.is_signed = is_signed;
      const Values values = as_values(random_input(sample, 1003));
      Values changed = values;
      to_ordered_samples(changed, segment);
      EXPECT_EQ(changed != values, is_signed || sample > 1);
      from_ordered_samples(changed, segment);
      EXPECT_EQ(changed, values) << sample;
    }
  }
}

// The probabilities of a block's bits where all of it is there from the beginning, and where it is
// written as it is predicted, over bytes that mean nothing.
void expect_only_the_past_is_seen(const Segment& segment, const Values& values) {
  Values written = as_values(random_input(99, values.size()));
  const StrongModel::Size size{.line_bits = 12, .match_bits = 12};
  StrongModel all(values.data(), size, preferred_isa());
  StrongModel some(written.data(), size, preferred_isa());
  all.begin(segment);
  some.begin(segment);
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (unsigned bit = 8; bit-- > 0;) {
      ASSERT_EQ(all.probability_of_one(), some.probability_of_one())
          << i << ": width " << segment.width << ", " << segment.channels << " channels of "
          << segment.sample << " bytes";
      all.update((values[i] >> bit & 1u) != 0);
      some.update((values[i] >> bit & 1u) != 0);
    }
    written[i] = values[i];
    all.next_byte();
    some.next_byte();
  }
}

TEST(SampleModel, SeesOnlyThePastInRowsOfAnyWidth) {
  for (const std::uint32_t sample : {1u, 2u, 3u, 4u}) {
    for (const std::uint32_t channels : {1u, 2u, 3u, 4u, 16u}) {
      for (const std::uint32_t pixels : {0u, 1u, 2u, 3u, 4u, 5u, 37u, 4000u}) {
        Segment segment{.content = Content::image, .size = 700};
        segment.width = pixels * sample * channels + (pixels > 0 ? 2 * sample : 0);
        segment.sample = sample;
        segment.channels = channels;
        expect_only_the_past_is_seen(segment, smooth_samples(350, 2));
      }
    }
  }
}

TEST(SampleModel, CodesPicturesOfOddSizes) {
  for (const std::uint32_t columns : {1u, 2u, 5u, 1031u}) {
    for (const unsigned bits : {8u, 16u, 24u, 32u}) {
      Values file = bitmap_file(columns, 1'200 / columns + 1, bits);
      there_and_back(file);
      file.resize(file.size() - 301);
      there_and_back(file);
      file.push_back(7);
      there_and_back(file);
    }
  }
}

TEST(SampleModel, HalvesWhatBytesWouldTake) {
  const Values pixels = smooth_samples(40'000, 1);
  Values noise = as_values(random_input(5, 40'000, 4));
  Values file = portable_map("P5\n200 200\n255\n", 200, 200, 1);
  std::copy(pixels.begin(), pixels.end(), file.end() - 40'000);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    file[file.size() - 40'000 + i] = static_cast<std::uint8_t>(pixels[i] + noise[i]);
  }
  EXPECT_LT(there_and_back(file), 40'000u * 3 / 8) << "two bits of noise, and one more";
}

TEST(SampleModel, DamagedStreamsDecodeToSomethingOrAreRefused) {
  const Values file = bitmap_file(37, 40, 24);
  const Input stream = encoded(file);
  Input back(file.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(stream.size(), 60); ++i) {
    for (const unsigned change : {1u, 2u, 128u, 255u}) {
      Input damaged = stream;
      damaged[i] ^= static_cast<std::byte>(change);
      (void)ContextMixingCoder(4, preferred_isa()).decode(damaged, back);
    }
  }
  Input cut = stream;
  cut.resize(stream.size() / 2);
  const auto size = ContextMixingCoder(4, preferred_isa()).decode(cut, back);
  EXPECT_TRUE(!size || as_values(back) != file);
}

TEST(ContentChoice, FindsNumbersWithoutAHeader) {
  for (const unsigned bytes : {2u, 4u}) {
    const Values values = rough_samples(120'000, bytes);
    for (const std::size_t skip : {0u, 1u}) {
      const auto block = std::span(values).subspan(skip);
      const auto segments = choose_sets(block, detect_content(block));
      const auto largest = std::ranges::max_element(segments, {}, &Segment::size);
      EXPECT_EQ(largest->content, Content::image);
      EXPECT_EQ(largest->sample, bytes);
      EXPECT_TRUE(largest->little_endian);
      EXPECT_GT(largest->size, block.size() - 8);
    }
  }
}

TEST(ContentChoice, TakesNeitherTextNorNoiseNorRunsForNumbers) {
  for (const Input& input : {text_input(1, 150'000), random_input(2, 150'000), Input(150'000),
                             random_input(3, 150'000, 7)}) {
    for (const Segment& segment : segments_in(as_values(input))) {
      EXPECT_NE(segment.content, Content::image) << segment.size << " of " << input.size();
    }
  }
}

TEST(ContentChoice, TilesEveryInput) {
  for (const NamedInput& input : nasty_inputs()) {
    const Values values = as_values(input.bytes);
    std::size_t size = 0;
    for (const Segment& segment : choose_sets(values, detect_content(values))) {
      EXPECT_GT(segment.size, 0u) << input.name;
      size += segment.size;
    }
    EXPECT_EQ(size, values.size()) << input.name;
  }
}

TEST(LeastSquares, FindsTheRuleThatMadeTheNumbers) {
  LeastSquares fit(3, 0.998F, 1);
  std::mt19937 random(3);
  std::array<float, LeastSquares::kMost> inputs{};
  for (int i = 0; i < 500; ++i) {
    for (std::size_t k = 0; k < 3; ++k) inputs[k] = static_cast<float>(random() % 200) - 100.0F;
    const float target = 0.5F * inputs[0] - 2.0F * inputs[1] + 0.25F * inputs[2];
    if (i > 100) {
      EXPECT_NEAR(fit.predict(inputs), target, 0.5) << "seed 3, " << i;
    }
    fit.observe(inputs, target);
  }
}

TEST(LeastSquares, StaysFiniteOnInputsThatAreAllTheSameOrHuge) {
  for (const float size : {0.0F, 1.0F, 4e9F}) {
    LeastSquares fit(LeastSquares::kMost, 0.97F, 1);
    std::array<float, LeastSquares::kMost> inputs{};
    inputs.fill(size);
    for (int i = 0; i < 3000; ++i) {
      EXPECT_TRUE(std::isfinite(fit.predict(inputs))) << size;
      fit.observe(inputs, i % 2 == 0 ? size : -size);
    }
  }
}

TEST(Bell, GivesTheBitsOfALogisticDistribution) {
  Bell bell;
  for (const double center : {20.0, 100.25, 254.0}) {
    for (const double scale : {0.5, 3.0, 20.0}) {
      bell.aim(8, std::lround(center * Bell::kFraction), std::lround(scale * 128));
      const auto mass = [&](double from, double to) {
        const auto below = [&](double x) {
          return 1 / (1 + std::exp(-(x - 0.5 - center) / scale));
        };
        return below(to) - below(from) + (to - from) / 256 / 8192;
      };
      double low = 0;
      double size = 256;
      for (const bool bit : {false, true, true, false, false, true, false, false}) {
        const double one = mass(low + size / 2, low + size) / mass(low, low + size);
        const double expected = std::clamp(std::log(one / (1 - one)) * 256, -2300.0, 2300.0);
        EXPECT_NEAR(std::clamp(bell.log_odds(), -2300, 2300), expected,
                    40 + std::abs(expected) / 8);
        bell.learn(bit);
        size /= 2;
        if (bit) low += size;
      }
    }
  }
}

}  // namespace
}  // namespace evalzip
