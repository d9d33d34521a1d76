#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "codecs/llm/half_precision.h"
#include "codecs/llm/iq2_xxs_codebook.h"
#include "codecs/llm/tensor_types.h"

namespace evalzip {
namespace {

// SplitMix64 (G. Steele et al., 2014).
class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }

 private:
  std::uint64_t state_;
};

// FNV-1a (G. Fowler et al., 1991) over the bits of the numbers, every NaN taken for the same.
std::uint64_t fingerprint(const std::vector<float>& values) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const float value : values) {
    const std::uint32_t bits =
        std::isnan(value) ? 0x7fc00000u : std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) {
      hash = (hash ^ (bits >> shift & 0xffu)) * 0x100000001b3u;
    }
  }
  return hash;
}

std::vector<float> dequantised(TensorType type, const std::vector<std::uint8_t>& row) {
  const TensorFormat& format = format_of(type);
  std::vector<float> values(row.size() / format.block_bytes * format.block_elements);
  dequantise_row(type, std::as_bytes(std::span(row)), values);
  return values;
}

struct Fingerprint {
  TensorType type;
  std::uint64_t of_values;
};

// Of 1000 blocks of random bytes (SplitMix64 from the type's number in ggml, the top byte of each
// word) as the to_float functions of ggml 0.25.1 give them. 100,000 blocks were compared.
constexpr Fingerprint kOfGgml[] = {
    {TensorType::f32, 0x5a0710cd7e34fe51},  {TensorType::f16, 0xd03cc34b073cdb87},
    {TensorType::bf16, 0xcffea55729dace51}, {TensorType::q8_0, 0x513f1a0a6a353539},
    {TensorType::q4_0, 0x2082f29faff2aa2f}, {TensorType::q4_1, 0x1aecafdb0e5373d4},
    {TensorType::q5_0, 0xc58a1bc68dc7fbc5}, {TensorType::q5_1, 0x0893fbba2a7bf2cb},
    {TensorType::q2_k, 0x47a204a03b7f7343}, {TensorType::q3_k, 0xf87e3e421567b635},
    {TensorType::q4_k, 0xc4638b278e9d42a1}, {TensorType::q5_k, 0xa3114a761367fe21},
    {TensorType::q6_k, 0x610b7a92c5ddcfb0}, {TensorType::iq2_xxs, 0x6166b4a30979a4d1},
};

TEST(Dequantise, RandomBlocksOfEveryTypeAreWhatGgmlMakesOfThem) {
  for (const Fingerprint& expected : kOfGgml) {
    const TensorFormat& format = format_of(expected.type);
    SplitMix random(format.ggml_number);
    std::vector<std::uint8_t> row(std::size_t{1000} * format.block_bytes);
    for (std::uint8_t& byte : row) byte = static_cast<std::uint8_t>(random.next() >> 56);
    EXPECT_EQ(fingerprint(dequantised(expected.type, row)), expected.of_values) << format.name;
  }
}

TEST(Dequantise, EveryWeightTypeIsCompared) {
  for (const TensorFormat& format : tensor_formats()) {
    if (!has_binary32_values(format.type)) continue;
    const auto* found = std::ranges::find(kOfGgml, format.type, &Fingerprint::type);
    EXPECT_NE(found, std::end(kOfGgml)) << format.name;
  }
}

TEST(Dequantise, BlocksByHand) {
  // Scale 0.5 (0x3800); numbers 1, -1, 127, -128.
  std::vector<std::uint8_t> q8_0(34);
  q8_0[1] = 0x38;
  q8_0[2] = 1, q8_0[3] = 255, q8_0[4] = 127, q8_0[5] = 128;
  const std::vector<float> bytes = dequantised(TensorType::q8_0, q8_0);
  EXPECT_EQ(bytes[0], 0.5f);
  EXPECT_EQ(bytes[1], -0.5f);
  EXPECT_EQ(bytes[2], 63.5f);
  EXPECT_EQ(bytes[3], -64.0f);
  // Scale 2 (0x4000), minimum 1 (0x3c00); byte 0 holds elements 0 (15) and 16 (3).
  std::vector<std::uint8_t> q4_1(20);
  q4_1[1] = 0x40, q4_1[3] = 0x3c, q4_1[4] = 0x3f;
  const std::vector<float> nibbles = dequantised(TensorType::q4_1, q4_1);
  EXPECT_EQ(nibbles[0], 31.0f);
  EXPECT_EQ(nibbles[16], 7.0f);
  EXPECT_EQ(nibbles[1], 1.0f);
}

TEST(HalfPrecision, EveryHalfIsExact) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = binary32_of_half(static_cast<std::uint16_t>(bits));
    const int exponent = static_cast<int>(bits >> 10 & 31),
              fraction = static_cast<int>(bits & 1023);
    EXPECT_EQ(std::signbit(value), bits >> 15 != 0);
    if (exponent == 31) {
      EXPECT_EQ(std::isnan(value), fraction != 0) << bits;
      EXPECT_EQ(std::isinf(value), fraction == 0) << bits;
    } else {
      const int significand = exponent == 0 ? fraction : fraction + 1024;
      EXPECT_EQ(std::abs(value),
                std::ldexp(static_cast<float>(significand), std::max(exponent, 1) - 25))
          << bits;
    }
  }
}

TEST(HalfPrecision, BfloatIsTheUpperHalf) {
  EXPECT_EQ(binary32_of_bfloat(0x3f80), 1.0f);
  EXPECT_EQ(binary32_of_bfloat(0xc049), -3.140625f);
  EXPECT_EQ(binary32_of_bfloat(0x0001), 0x1p-133f);
}

TEST(Iq2Xxs, CodebookHasTheParityAndOrderOfItsLattice) {
  for (std::size_t i = 0; i < kIq2XxsCodebook.size(); ++i) {
    int middle = 0;
    for (int digit = 0; digit < 8; ++digit) {
      const int value = kIq2XxsCodebook[i] >> (2 * digit) & 3;
      EXPECT_LT(value, 3);
      middle += value == 1 ? 1 : 0;
    }
    EXPECT_EQ(middle % 2, 0) << i;
    if (i > 0) {
      EXPECT_LT(kIq2XxsCodebook[i - 1], kIq2XxsCodebook[i]);
    }
  }
}

}  // namespace
}  // namespace evalzip
