// The coder of tensors: its kernels agree, its formats come back bit for bit, and it is below the
// entropy of exponents alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "codecs/histogram.h"
#include "codecs/tensors/tensor_kernels.h"
#include "codecs/tensors/tensor_stream.h"

namespace evalzip {
namespace {

std::vector<std::byte> random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

// A matrix as training leaves it: a bell for each row, of its own width. In bfloat16.
std::vector<std::byte> bell_matrix(std::size_t rows, std::size_t columns, double spread) {
  std::mt19937 random(1);
  std::normal_distribution<float> bell;
  std::vector<std::byte> bytes;
  for (std::size_t row = 0; row < rows; ++row) {
    const float scale = 0.02F * std::exp2(static_cast<float>(spread) * bell(random));
    for (std::size_t i = 0; i < columns; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(scale * bell(random)) + 0x8000;
      bytes.push_back(static_cast<std::byte>(bits >> 16));
      bytes.push_back(static_cast<std::byte>(bits >> 24));
    }
  }
  return bytes;
}

std::size_t coded_size(const TensorLayout& layout, Bytes values) {
  TensorStream stream(layout);
  std::vector<std::byte> encoded(TensorStream::bound(values.size())), back(values.size());
  const auto written = stream.encode(values, encoded);
  EXPECT_TRUE(written);
  EXPECT_TRUE(stream.decode(Bytes(encoded).first(written.value()), back));
  EXPECT_TRUE(std::ranges::equal(values, back)) << layout.numbers().name;
  return written.value();
}

TensorLayout layout_of(std::string_view name, std::uint64_t columns = 0) {
  return {.format = number_format_called(name).value(), .columns = columns};
}

TEST(TensorFormats, FieldsCoverTheirBlocksWithoutOverlap) {
  for (const NumberFormat& format : number_formats()) {
    std::vector<int> owners(format.block_bytes);
    for (const Field& field : format.fields) {
      for (unsigned i = 0; i < field.bytes; ++i) ++owners.at(field.offset + i);
    }
    EXPECT_THAT(owners, testing::Each(1)) << format.name;
  }
}

TEST(TensorStream, AnyBytesOfAnyFormatAndSizeComeBack) {
  for (const NumberFormat& format : number_formats()) {
    for (const std::size_t size : {0, 1, 3, 209, 210, 5000, 300'000}) {
      for (const std::uint64_t columns : {0, 1, 7, 256, 1 << 30}) {
        coded_size(layout_of(format.name, columns), random_bytes(size, 7));
      }
    }
  }
}

// Every 16-bit head: each NaN payload, infinity, denormal and both zeros among them.
TEST(TensorStream, EveryBitPatternComesBack) {
  std::vector<std::byte> every;
  for (unsigned head = 0; head < 0x10000; ++head) {
    every.push_back(static_cast<std::byte>(head));
    every.push_back(static_cast<std::byte>(head >> 8));
  }
  for (const char* name : {"f16", "bf16", "f32", "f64"}) {
    for (const std::uint64_t columns : {0, 64}) coded_size(layout_of(name, columns), every);
  }
}

TEST(TensorStream, ZerosAmongWeightsCostNoJoinedBits) {
  std::vector<std::byte> values = bell_matrix(128, 512, 0);
  std::mt19937 random(3);
  const std::size_t without = coded_size(layout_of("bf16", 512), values);
  for (std::size_t i = 0; i < values.size() / 2; ++i) {
    if (random() % 10 == 0) values[2 * i] = values[2 * i + 1] = std::byte{0};
  }
  // A tenth of zeros: 0.47 bits a number tell where they are, and the random rest stays.
  EXPECT_LT(coded_size(layout_of("bf16", 512), values), without + 128 * 512 / 2 / 8);
}

// Exponents under their own counts and all other bits copied: the best that a coder of exponents
// alone can do.
double exponent_floor(Bytes values) {
  std::vector<std::byte> exponents;
  for (std::size_t i = 0; i < values.size(); i += 2) {
    exponents.push_back((values[i] >> 7) | (values[i + 1] << 1));
  }
  double bits = 0;
  const auto count = static_cast<double>(exponents.size());
  for (const std::uint32_t one : count_bytes(exponents)) {
    if (one > 0) bits -= one * std::log2(one / count);
  }
  return (bits + 8 * count) / 8;
}

TEST(TensorStream, IsBelowTheEntropyOfExponentsAlone) {
  const auto values = bell_matrix(1024, 1024, 0);
  const auto size = static_cast<double>(coded_size(layout_of("bf16", 1024), values));
  EXPECT_LT(size, 0.997 * exponent_floor(values));
}

TEST(TensorStream, ScalesOfRowsAndOfColumnsAreFound) {
  const auto rows = bell_matrix(512, 512, 2);
  std::vector<std::byte> columns(rows.size());
  for (std::size_t i = 0; i < 512 * 512; ++i) {
    const std::size_t turned = i % 512 * 512 + i / 512;
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(2 * i), 2,
                columns.begin() + static_cast<std::ptrdiff_t>(2 * turned));
  }
  const std::size_t flat = coded_size(layout_of("bf16"), rows);
  for (const auto& values : {rows, columns}) {
    EXPECT_LT(coded_size(layout_of("bf16", 512), values), 0.96 * static_cast<double>(flat));
  }
}

// As the embedding of words that training never met: one row with a little noise.
TEST(TensorStream, RowsThatAreNearlyTheSameCostTheirDifferences) {
  std::mt19937 random(17);
  for (const char* name : {"bf16", "f16", "i16", "i8"}) {
    const unsigned width = number_formats()[number_format_called(name).value()].block_bytes;
    std::vector<std::byte> values = bell_matrix(400, 256, 0);
    values.resize(400 * 256 * width);
    const std::size_t row = 256 * width;
    for (std::size_t i = 0; i < 400; ++i) {
      if (i % 4 == 0) continue;
      for (std::size_t at = 0; at < row; ++at) {
        const bool low_byte = at % width == 0;
        const auto noise = static_cast<std::byte>(low_byte && random() % 16 == 0 ? 1 : 0);
        values[i * row + at] = values[4 * row + at] ^ noise;
      }
    }
    EXPECT_LT(coded_size(layout_of(name, 256), values), values.size() / 3) << name;
    EXPECT_GT(coded_size(layout_of(name), values), values.size() / 2) << name;
  }
}

TEST(TensorStream, Binary32ThatWasRoundedToFewerBitsCostsNoMore) {
  const auto brain = bell_matrix(256, 512, 0);
  std::vector<std::byte> single;
  for (std::size_t i = 0; i < brain.size(); i += 2) {
    single.insert(single.end(), {std::byte{0}, std::byte{0}, brain[i], brain[i + 1]});
  }
  EXPECT_LT(coded_size(layout_of("f32", 512), single),
            1.002 * static_cast<double>(coded_size(layout_of("bf16", 512), brain)));
}

TEST(TensorStream, TheFormatIsGuessedFromTheBytes) {
  const auto values = bell_matrix(512, 512, 0);
  TensorStream guessing(std::nullopt);
  std::vector<std::byte> encoded(TensorStream::bound(values.size()));
  const auto written = guessing.encode(values, encoded);
  ASSERT_TRUE(written);
  EXPECT_EQ(written.value(), coded_size(layout_of("bf16"), values));
}

TEST(TensorStream, DamageIsFoundOrGivesOtherNumbersButNeverTouchesMore) {
  const auto values = bell_matrix(64, 512, 1);
  TensorStream stream(layout_of("bf16", 512));
  std::vector<std::byte> encoded(TensorStream::bound(values.size())), back(values.size());
  encoded.resize(stream.encode(values, encoded).value());
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::byte> damaged = encoded;
    damaged[random() % damaged.size()] ^= static_cast<std::byte>(1 + random() % 255);
    static_cast<void>(stream.decode(damaged, back));
    static_cast<void>(stream.decode(Bytes(encoded).first(random() % encoded.size()), back));
  }
  for (std::size_t size = 0; size < 200; ++size) {
    EXPECT_FALSE(stream.decode(Bytes(encoded).first(size), back));
  }
}

TEST(TensorKernels, AllGiveTheSame) {
  const auto& reference = tensor_kernels().back();
  std::mt19937 random(11);
  std::vector<std::uint16_t> heads(10'007);
  for (auto& head : heads) head = static_cast<std::uint16_t>(random() % 0x1800 + 0x3000);
  heads[5] = heads[77] = 0;
  std::vector<std::uint8_t> lifts(10'007);
  for (auto& lift : lifts) lift = static_cast<std::uint8_t>(random() % 8);
  for (const TensorKernels& kernel : tensor_kernels()) {
    for (const Lifts::Of of : {Lifts::Of::nothing, Lifts::Of::rows, Lifts::Of::columns}) {
      const Lifts how{.of = of, .columns = 101, .exponents = lifts};
      HeadCut cut{.exponent_bits = 8, .joined_bits = 2};
      const KeyRange range = reference.key_range(cut, heads, how);
      EXPECT_EQ(kernel.key_range(cut, heads, how).least, range.least);
      EXPECT_EQ(kernel.key_range(cut, heads, how).greatest, range.greatest);
      cut.first = range.least;
      std::vector<std::uint8_t> symbols(heads.size()), rests(heads.size()), expected(heads.size());
      EXPECT_TRUE(kernel.cut_heads(cut, heads, how, symbols.data(), rests.data()));
      EXPECT_TRUE(reference.cut_heads(cut, heads, how, expected.data(), rests.data()));
      EXPECT_EQ(symbols, expected) << kernel.name;
      std::vector<std::uint16_t> back(heads.size());
      kernel.join_heads(cut, symbols, rests.data(), how, back.data());
      EXPECT_EQ(back, heads) << kernel.name;
      --cut.first;
      EXPECT_TRUE(kernel.cut_heads(cut, heads, how, symbols.data(), rests.data()));
      cut.first += 2;
      EXPECT_FALSE(kernel.cut_heads(cut, heads, how, symbols.data(), rests.data()));
    }
  }
}

TEST(TensorKernels, PackAndUnpackAnyCount) {
  std::mt19937 random(13);
  for (const TensorKernels& kernel : tensor_kernels()) {
    for (const unsigned bits : {4U, 6U, 8U}) {
      for (std::size_t count = 0; count < 300; ++count) {
        std::vector<std::uint8_t> numbers(count), back(count), packed(packed_size(count, bits));
        for (auto& number : numbers)
          number = static_cast<std::uint8_t>(random() >> 8 & ((1u << bits) - 1));
        kernel.pack_bits(numbers, bits, packed);
        kernel.unpack_bits(packed, bits, back);
        ASSERT_EQ(back, numbers) << kernel.name << " " << bits << " bits, " << count;
      }
    }
  }
}

}  // namespace
}  // namespace evalzip
