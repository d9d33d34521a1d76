// What is remembered of a text: its last words and lines, and what kinds its last bytes are of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "codecs/context/byte_history.h"

namespace evalzip {

// Kinds of bytes, in four bits.
enum ByteKind : std::uint8_t {
  kOther,
  kLower,
  kUpper,
  kDigit,
  kBlank,
  kLineEnd,
  kStop,
  kComma,
  kBeyondAscii,
  kControl,
  kBracket,
  kQuote
};

inline constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    kinds[byte] = byte >= 128 ? kBeyondAscii : byte < 32 ? kControl : kOther;
  }
  const auto mark = [&kinds](const char* bytes, std::uint8_t kind) {
    for (; *bytes != '\0'; ++bytes) kinds[static_cast<unsigned char>(*bytes)] = kind;
  };
  mark("abcdefghijklmnopqrstuvwxyz", kLower);
  mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ", kUpper);
  mark("0123456789", kDigit);
  mark(" ", kBlank);
  mark("\n\r", kLineEnd);
  mark(".!?", kStop);
  mark(",;:", kComma);
  mark("<>[]{}", kBracket);
  mark("()\"'", kQuote);
  return kinds;
}();

class TextState {
 public:
  // After each byte.
  void follow(const ByteHistory& history);

  std::uint32_t kinds() const { return kinds_; }  // of the last eight bytes
  std::uint32_t word() const { return word_; }    // so far, in small letters; 0 between words
  std::uint32_t word_before(std::size_t back) const { return words_[back]; }
  std::uint32_t tag() const { return tag_; }
  std::uint32_t first_in_line() const { return first_in_line_; }
  std::uint32_t column(const ByteHistory& history) const {
    return static_cast<std::uint32_t>(history.position - line_);
  }
  // The byte in this column of the line before; 0 where that was shorter.
  std::uint32_t byte_above(const ByteHistory& history) const {
    const std::size_t place = line_above_ + (history.position - line_);
    return place < line_ ? history.bytes[place] : 0;
  }

 private:
  std::uint32_t kinds_ = 0;
  std::uint32_t word_ = 0;
  std::array<std::uint32_t, 2> words_{};  // the last whole words, the last one first
  std::size_t line_ = 0, line_above_ = 0;
  std::uint32_t first_in_line_ = 0;
  std::uint32_t tag_ = 0;
};

}  // namespace evalzip
