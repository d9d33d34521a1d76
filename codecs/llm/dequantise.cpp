// Dequantisation: the dispatch, the floating-point types, and the blocks of 32 with one scale.
#include <bit>
#include <cassert>

#include "codecs/llm/dequantise_block.h"
#include "codecs/llm/tensor_types.h"

namespace evalzip {
namespace block_formats {
namespace {

constexpr std::size_t kElements = 32;

void f32(const std::uint8_t* block, float* values) {
  *values = std::bit_cast<float>(load_32(block));
}

void f16(const std::uint8_t* block, float* values) { *values = load_half(block); }

void bf16(const std::uint8_t* block, float* values) {
  *values = binary32_of_bfloat(load_16(block));
}

// The two halves of a block share bytes: element i is the low nibble of byte i, element i + 16 the
// high one.
std::uint8_t nibble(const std::uint8_t* packed, std::size_t element) {
  const std::uint8_t byte = packed[element % 16];
  return element < 16 ? byte & 15 : byte >> 4;
}

// The fifth bit of element i is bit i of a word.
int five_bits(std::uint32_t fifth_bits, const std::uint8_t* packed, std::size_t element) {
  return static_cast<int>(nibble(packed, element) | (fifth_bits >> element & 1u) << 4);
}

}  // namespace

// scale, 32 signed bytes
void q8_0(const std::uint8_t* block, float* values) {
  const float scale = load_half(block);
  for (std::size_t i = 0; i < kElements; ++i) {
    values[i] = scale * static_cast<float>(static_cast<std::int8_t>(block[2 + i]));
  }
}

// scale, 32 nibbles
void q4_0(const std::uint8_t* block, float* values) {
  const float scale = load_half(block);
  for (std::size_t i = 0; i < kElements; ++i) {
    values[i] = scale * static_cast<float>(nibble(block + 2, i) - 8);
  }
}

// scale, minimum, 32 nibbles
void q4_1(const std::uint8_t* block, float* values) {
  const float scale = load_half(block), minimum = load_half(block + 2);
  for (std::size_t i = 0; i < kElements; ++i) {
    values[i] = scale * static_cast<float>(nibble(block + 4, i)) + minimum;
  }
}

// scale, fifth bits, 32 nibbles
void q5_0(const std::uint8_t* block, float* values) {
  const float scale = load_half(block);
  const std::uint32_t fifth_bits = load_32(block + 2);
  for (std::size_t i = 0; i < kElements; ++i) {
    values[i] = scale * static_cast<float>(five_bits(fifth_bits, block + 6, i) - 16);
  }
}

// scale, minimum, fifth bits, 32 nibbles
void q5_1(const std::uint8_t* block, float* values) {
  const float scale = load_half(block), minimum = load_half(block + 2);
  const std::uint32_t fifth_bits = load_32(block + 4);
  for (std::size_t i = 0; i < kElements; ++i) {
    values[i] = scale * static_cast<float>(five_bits(fifth_bits, block + 8, i)) + minimum;
  }
}

namespace {

Dequantise& dequantise_of(TensorType type) {
  switch (type) {
    case TensorType::f16:
      return f16;
    case TensorType::bf16:
      return bf16;
    case TensorType::q8_0:
      return q8_0;
    case TensorType::q4_0:
      return q4_0;
    case TensorType::q4_1:
      return q4_1;
    case TensorType::q5_0:
      return q5_0;
    case TensorType::q5_1:
      return q5_1;
    case TensorType::q2_k:
      return q2_k;
    case TensorType::q3_k:
      return q3_k;
    case TensorType::q4_k:
      return q4_k;
    case TensorType::q5_k:
      return q5_k;
    case TensorType::q6_k:
      return q6_k;
    case TensorType::iq2_xxs:
      return iq2_xxs;
    default:
      return f32;
  }
}

}  // namespace
}  // namespace block_formats

void dequantise_row(TensorType type, Bytes row, std::span<float> values) {
  const TensorFormat& format = format_of(type);
  assert(has_binary32_values(type) && values.size() % format.block_elements == 0);
  assert(row.size() / format.block_bytes == values.size() / format.block_elements);
  const auto* block = reinterpret_cast<const std::uint8_t*>(row.data());
  if (type == TensorType::f32) {  // as they are, without a call for each
    for (std::size_t i = 0; i < values.size(); ++i) {
      block_formats::f32(block + i * sizeof(float), values.data() + i);
    }
    return;
  }
  block_formats::Dequantise& dequantise = block_formats::dequantise_of(type);
  for (std::size_t i = 0; i < values.size(); i += format.block_elements) {
    dequantise(block, values.data() + i);
    block += format.block_bytes;
  }
}

}  // namespace evalzip
