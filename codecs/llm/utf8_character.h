// Characters of bytes that may or may not be UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/codec.h"

namespace evalzip {

// A well-formed character (RFC 3629: no overlong form, no surrogate, at most U+10FFFF) or, where
// there is none, a single byte.
struct Utf8Character {
  // What a byte that belongs to no character gives instead of a code point: above all of those.
  static constexpr char32_t kNone = 0x110000;

  char32_t code_point;
  std::uint32_t size;  // in bytes, 1 to 4

  bool well_formed() const { return code_point != kNone; }
};

// The character at `position` < text.size().
inline Utf8Character read_character(Bytes text, std::size_t position) {
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(text[position + i]); };
  const std::uint32_t first = at(0);
  if (first < 0x80) return {first, 1};
  const std::uint32_t size = first < 0xc2   ? 0u
                             : first < 0xe0 ? 2u
                             : first < 0xf0 ? 3u
                             : first < 0xf5 ? 4u
                                            : 0u;
  constexpr Utf8Character kByte{Utf8Character::kNone, 1};
  if (size == 0 || size > text.size() - position) return kByte;
  std::uint32_t code_point = first & (0x7fu >> size);
  for (std::uint32_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0) != 0x80) return kByte;
    code_point = code_point << 6 | (at(i) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xd800 && code_point < 0xe000;
  if (code_point < kLeast[size] || surrogate || code_point > 0x10ffff) return kByte;
  return {code_point, size};
}

}  // namespace evalzip
