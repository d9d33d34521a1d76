// The description of a Huffman code inside a stream: 256 code lengths in some dozens of bytes.
#pragma once

#include <cstddef>
#include <vector>

#include "codecs/codec.h"
#include "codecs/huffman_code.h"

namespace evalzip {

// The layout is in docs/formats.md. `code` must be a complete code.
std::vector<std::byte> write_code(const CanonicalCode& code);

struct DescribedCode {
  CanonicalCode code;
  std::size_t description_bytes;
};

// Reads what stands at the start of `input`. corrupt_input if it is cut off or describes no
// complete code.
Result<DescribedCode> read_code(Bytes input);

}  // namespace evalzip
