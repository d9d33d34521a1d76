// The inside of dequantise_row(): one function per block format.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/llm/half_precision.h"

namespace evalzip::block_formats {

// `block` has the format's block_bytes, `values` room for its block_elements.
using Dequantise = void(const std::uint8_t* block, float* values);

Dequantise q8_0, q4_0, q4_1, q5_0, q5_1;  // dequantise.cpp
Dequantise q2_k, q3_k, q4_k, q5_k, q6_k;  // dequantise_k.cpp
Dequantise iq2_xxs;                       // dequantise_iq2_xxs.cpp

inline std::uint16_t load_16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] | at[1] << 8);
}

inline std::uint32_t load_32(const std::uint8_t* at) {
  return std::uint32_t{load_16(at)} | std::uint32_t{load_16(at + 2)} << 16;
}

inline float load_half(const std::uint8_t* at) { return binary32_of_half(load_16(at)); }

}  // namespace evalzip::block_formats
