// The characters that stand for bytes in the vocabularies of byte-level BPE.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace evalzip {

// The bytes that a text of such characters stands for; absent if it has others. Printable
// characters of Latin-1 stand for themselves; the other 68 bytes, in rising order, are U+0100 and
// those after it (A. Radford et al., 2019).
std::optional<std::vector<std::byte>> bytes_of_gpt2_text(std::string_view text);

}  // namespace evalzip
