// Dequantisation of the K formats: blocks of 256 whose 8 or 16 groups have small integer scales,
// and some minima, of their own.
#include "codecs/llm/dequantise_block.h"

namespace evalzip::block_formats {
namespace {

// The 8 scales and 8 minima of Q4_K and Q5_K: six bits each in 12 bytes. The first four of either
// are the low six bits of a byte of their own; the others have their low four bits in the last
// four bytes and their high two bits above the first four.
struct SixBitPair {
  float scale, minimum;
};

SixBitPair six_bit_pair(const std::uint8_t* packed, std::size_t group) {
  if (group < 4) {
    return {static_cast<float>(packed[group] & 63), static_cast<float>(packed[group + 4] & 63)};
  }
  const std::uint8_t low = packed[group + 4];
  return {static_cast<float>((low & 15) | packed[group - 4] >> 6 << 4),
          static_cast<float>(low >> 4 | packed[group] >> 6 << 4)};
}

// The 16 scales of Q3_K, biased by 32: low four bits in 8 bytes, high two bits in the 4 after.
int q3_k_scale(const std::uint8_t* packed, std::size_t group) {
  const int low = group < 8 ? packed[group] & 15 : packed[group - 8] >> 4;
  const int high = packed[8 + group % 4] >> (2 * (group / 4)) & 3;
  return (low | high << 4) - 32;
}

}  // namespace

// 16 bytes of scales (low nibbles) and minima (high ones), 64 of 2-bit numbers, scale, minimum
// scale
void q2_k(const std::uint8_t* block, float* values) {
  const std::uint8_t* const packed = block + 16;
  const float scale = load_half(block + 80), minimum = load_half(block + 82);
  for (std::size_t group = 0; group < 16; ++group) {
    const float group_scale = scale * static_cast<float>(block[group] & 15);
    const float group_minimum = minimum * static_cast<float>(block[group] >> 4);
    // Eight groups share 32 bytes: pairs of groups of 16 by two bits of each byte.
    const std::uint8_t* const bytes = packed + group / 8 * 32 + group % 2 * 16;
    const std::size_t shift = group % 8 / 2 * 2;
    for (std::size_t i = 0; i < 16; ++i) {
      *values++ = group_scale * static_cast<float>(bytes[i] >> shift & 3) - group_minimum;
    }
  }
}

// 32 bytes of third bits, 64 of 2-bit numbers, 12 of scales, scale
void q3_k(const std::uint8_t* block, float* values) {
  const std::uint8_t* const packed = block + 32;
  const float scale = load_half(block + 108);
  for (std::size_t group = 0; group < 16; ++group) {
    const float group_scale = scale * static_cast<float>(q3_k_scale(block + 96, group));
    const std::size_t column = group % 2 * 16;
    const std::uint8_t* const bytes = packed + group / 8 * 32 + column;
    const std::size_t shift = group % 8 / 2 * 2;
    for (std::size_t i = 0; i < 16; ++i) {
      // A third bit that is clear stands for -4.
      const int third_bit = block[column + i] >> (group / 2) & 1;
      const int number = (bytes[i] >> shift & 3) - (third_bit == 1 ? 0 : 4);
      *values++ = group_scale * static_cast<float>(number);
    }
  }
}

// scale, minimum scale, 12 bytes of scales and minima, 128 of nibbles
void q4_k(const std::uint8_t* block, float* values) {
  const float scale = load_half(block), minimum = load_half(block + 2);
  for (std::size_t group = 0; group < 8; ++group) {
    const SixBitPair pair = six_bit_pair(block + 4, group);
    const float group_scale = scale * pair.scale, group_minimum = minimum * pair.minimum;
    // Two groups share 32 bytes: the low nibbles, then the high ones.
    const std::uint8_t* const bytes = block + 16 + group / 2 * 32;
    const std::size_t shift = group % 2 * 4;
    for (std::size_t i = 0; i < 32; ++i) {
      *values++ = group_scale * static_cast<float>(bytes[i] >> shift & 15) - group_minimum;
    }
  }
}

// scale, minimum scale, 12 bytes of scales and minima, 32 of fifth bits, 128 of nibbles
void q5_k(const std::uint8_t* block, float* values) {
  const float scale = load_half(block), minimum = load_half(block + 2);
  const std::uint8_t* const fifth_bits = block + 16;
  for (std::size_t group = 0; group < 8; ++group) {
    const SixBitPair pair = six_bit_pair(block + 4, group);
    const float group_scale = scale * pair.scale, group_minimum = minimum * pair.minimum;
    const std::uint8_t* const bytes = block + 48 + group / 2 * 32;
    const std::size_t shift = group % 2 * 4;
    for (std::size_t i = 0; i < 32; ++i) {
      const int number = (bytes[i] >> shift & 15) | (fifth_bits[i] >> group & 1) << 4;
      *values++ = group_scale * static_cast<float>(number) - group_minimum;
    }
  }
}

// 128 bytes of low nibbles, 64 of high bit pairs, 16 signed bytes of scales, scale
void q6_k(const std::uint8_t* block, float* values) {
  const float scale = load_half(block + 208);
  for (std::size_t group = 0; group < 16; ++group) {
    const auto group_scale = static_cast<std::int8_t>(block[192 + group]);
    const float factor = scale * static_cast<float>(group_scale);
    // A half of the block is four rows of 32: rows 0 and 1 are the low nibbles of 64 bytes, rows 2
    // and 3 the high ones; the bit pairs of all four rows lie in the same 32 bytes.
    const std::size_t half = group / 8, row = group % 8 / 2, column = group % 2 * 16;
    const std::uint8_t* const low = block + half * 64 + row % 2 * 32 + column;
    const std::uint8_t* const high = block + 128 + half * 32 + column;
    for (std::size_t i = 0; i < 16; ++i) {
      const int number = (low[i] >> (row / 2 * 4) & 15) | (high[i] >> (2 * row) & 3) << 4;
      *values++ = factor * static_cast<float>(number - 32);
    }
  }
}

}  // namespace evalzip::block_formats
