#include "harness/utf8.h"

#include <cstdint>

namespace evalzip {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";
constexpr std::string_view kDigits = "0123456789ABCDEF";

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

// Length in bytes and payload bits of a sequence by its first byte.
std::optional<CodePoint> lead(std::uint8_t byte) {
  if (byte < 0x80) return CodePoint{byte, 1};
  if (byte >= 0xC2 && byte <= 0xDF) return CodePoint{byte & 0x1Fu, 2};
  if (byte >= 0xE0 && byte <= 0xEF) return CodePoint{byte & 0x0Fu, 3};
  if (byte >= 0xF0 && byte <= 0xF4) return CodePoint{byte & 0x07u, 4};
  return std::nullopt;
}

bool allowed(const CodePoint& point) {
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};  // by length: no overlong forms
  const bool surrogate = point.value >= 0xD800 && point.value <= 0xDFFF;
  return point.value >= kSmallest[point.bytes] && point.value <= 0x10FFFF && !surrogate;
}

void append_escaped(std::string& text, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += kReplacementBytes;
    text += kDigits[byte_at(bytes, i) >> 4];
    text += kDigits[byte_at(bytes, i) & 15];
  }
}

// The byte that an escape at the front of `text` stands for.
std::optional<char> escaped_byte(std::string_view text) {
  const std::size_t at = kReplacementBytes.size();
  if (!text.starts_with(kReplacementBytes) || text.size() < at + 2) return std::nullopt;
  const std::size_t high = kDigits.find(text[at]), low = kDigits.find(text[at + 1]);
  if (high == kDigits.npos || low == kDigits.npos) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::optional<CodePoint> point = lead(byte_at(text, 0));
  if (!point || text.size() < point->bytes) return std::nullopt;
  for (std::size_t i = 1; i < point->bytes; ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) return std::nullopt;
    point->value = point->value << 6 | (byte_at(text, i) & 0x3Fu);
  }
  if (!allowed(*point)) return std::nullopt;
  return point;
}

std::string text_from_bytes(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::optional<CodePoint> point = first_code_point(bytes);
    const std::string_view taken = bytes.substr(0, point ? point->bytes : 1);
    if (point && point->value != kReplacement) {
      text += taken;
    } else {
      append_escaped(text, taken);
    }
    bytes.remove_prefix(taken.size());
  }
  return text;
}

std::string bytes_from_text(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  while (!text.empty()) {
    const std::optional<char> byte = escaped_byte(text);
    bytes += byte.value_or(text.front());
    text.remove_prefix(byte ? kReplacementBytes.size() + 2 : 1);
  }
  return bytes;
}

}  // namespace evalzip
