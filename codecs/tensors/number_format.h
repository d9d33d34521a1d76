// How the numbers of a tensor are made of bytes: which of them are the fields that a coder should
// see together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace evalzip {

// IEEE-like: a sign, an exponent, a mantissa, from the highest bit down; 1, 2, 4 or 8 bytes,
// little-endian. Sign, exponent and the mantissa's first bits lie in the two highest bytes. One
// byte is one symbol: there is nothing random in it to be left out but the sign.
struct FloatLayout {
  unsigned bytes;
  unsigned exponent_bits;
};

// Some bytes of every block.
struct Field {
  enum class Kind {
    floats,  // one number of the layout
    planes,  // an integer: each byte has statistics of its own
    mixed    // bytes of one kind: they share their statistics
  };

  unsigned offset, bytes;
  Kind kind;
  FloatLayout layout = {};  // of floats
};

// Numbers come in blocks, most often of one. The fields cover a block, in the order of their
// coding.
struct NumberFormat {
  std::string_view name;  // "bf16", "q4_k"
  unsigned block_bytes, block_numbers;
  std::span<const Field> fields;
};

// In the order of their numbers in streams, which never changes.
std::span<const NumberFormat> number_formats();

// Absent if there is none of that name.
std::optional<std::size_t> number_format_called(std::string_view name);

}  // namespace evalzip
