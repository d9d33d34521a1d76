// UTF-8 as the Unicode Standard (chapter 3, table 3-7) defines it: no overlong forms, no
// surrogates.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace evalzip {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  // 1 to 4
};

// The code point that `text` begins with. Absent if its first byte begins none, or text is empty.
std::optional<CodePoint> first_code_point(std::string_view text);

// File names on Linux are bytes, JSON strings are Unicode. Every byte that is not part of valid
// UTF-8 becomes U+FFFD (the replacement character) and two upper-case hexadecimal digits, and so
// does every byte of a U+FFFD that was in `bytes`: the result is valid UTF-8, equal to `bytes`
// wherever those are ordinary text, and bytes_from_text gives `bytes` back exactly.
std::string text_from_bytes(std::string_view bytes);

// The inverse. A U+FFFD that no two such digits follow stands for itself.
std::string bytes_from_text(std::string_view text);

}  // namespace evalzip
