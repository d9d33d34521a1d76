#include "codecs/context/code_points.h"

namespace evalzip {

void CodePoints::follow(std::uint32_t byte) {
  if (missing_ > 0 && (byte & 0xc0u) == 0x80) {
    part_ = part_ << 8 | byte;
    bits_ = bits_ << 6 | (byte & 0x3fu);
    if (--missing_ == 0) complete(bits_);
    return;
  }
  missing_ = 0;
  if (byte >= 0xc2 && byte < 0xf5) {
    missing_ = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    bits_ = byte & (0x3fu >> missing_);
    part_ = 1u << 8 | byte;
  } else {
    complete(byte);
  }
}

void CodePoints::complete(std::uint32_t character) {
  for (std::size_t i = kMost; i-- > 1;) last_[i] = last_[i - 1];
  last_[0] = character;
  for (std::size_t i = 0; i < kMost; ++i) hashes_[i + 1] = combine(hashes_[i], last_[i]);
  part_ = 1;
}

Script script_of(std::uint32_t character) {
  if (character < 128) {
    if (character - '0' < 10u) return Script::digit;
    return (character | 32u) - 'a' < 26u ? Script::letter : Script::none;
  }
  if (character < 0xc0 || (character >= 0x2000 && character < 0x2c00)) return Script::none;
  if (character < 0x3000) return Script::letter;
  if (character < 0x3040 || (character >= 0xfe00 && character < 0xff10)) return Script::none;
  if (character < 0x3100) return Script::kana;
  return character >= 0xac00 && character < 0xd800 ? Script::letter : Script::ideograph;
}

std::uint32_t small_letter(std::uint32_t character) {
  if (character - 'A' < 26u) return character + 32;
  if (character - 0xc0 < 31u || character - 0x391 < 25u || character - 0x410 < 32u) {
    return character + 32;
  }
  if (character - 0x400 < 16u) return character + 80;
  return character - 0x100 < 0x80u ? character | 1u : character;
}

}  // namespace evalzip
