// How the tensors of a model file pack their numbers, and what those are in binary32.
//
// The block formats are those of ggml (G. Gerganov and contributors; the K types I. Kawrakow, 2023,
// IQ2_XXS I. Kawrakow, 2024). In every one of them the products are exact in binary32 and at most
// one sum is rounded, so the values do not depend on the order of operations or on the machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "codecs/codec.h"

namespace evalzip {

enum class TensorType {
  f32,
  f16,
  bf16,
  q8_0,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k,
  iq2_xxs,
  f64,
  i8,
  i16,
  i32,
  i64,  // may lie in a file, but are no weights: see has_binary32_values()
};

// Numbers are packed in blocks; a row is a whole number of them.
struct TensorFormat {
  TensorType type;
  std::string_view name;      // as ggml writes it: "Q4_K"
  std::uint32_t ggml_number;  // in GGUF files
  std::uint32_t block_elements;
  std::uint32_t block_bytes;
};

const TensorFormat& format_of(TensorType type);

// Absent for a number of ggml that evalzip cannot read.
std::optional<TensorType> tensor_type_of(std::uint32_t ggml_number);

// How ggml calls that number: also those that evalzip cannot read. "unknown" if nobody does.
std::string_view ggml_type_name(std::uint32_t ggml_number);

// Every type above, for messages: "F32, F16, ...".
std::span<const TensorFormat> tensor_formats();

// Whether dequantise_row() knows the type.
bool has_binary32_values(TensorType type);

// Whole blocks of `type` to binary32. row.size() * block_elements == values.size() * block_bytes,
// values.size() is a multiple of block_elements, and has_binary32_values(type). Any bytes are some
// numbers: infinities and NaN included, where a block's scale is one.
void dequantise_row(TensorType type, Bytes row, std::span<float> values);

}  // namespace evalzip
