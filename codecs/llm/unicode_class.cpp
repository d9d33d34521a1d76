#include "codecs/llm/unicode_class.h"

#include <algorithm>
#include <array>

#include "codecs/llm/unicode_ranges.h"

namespace evalzip {
namespace {

bool is_whitespace(char32_t c) {
  return (c >= 0x9 && c <= 0xd) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

// `ranges` are in rising order.
bool lies_in(char32_t c, std::span<const CharacterRange> ranges) {
  const auto after = std::ranges::upper_bound(ranges, c, {}, &CharacterRange::first);
  return after != ranges.begin() && c <= (after - 1)->last;
}

UnicodeClass look_up(char32_t c) {
  if (is_whitespace(c)) return UnicodeClass::whitespace;
  if (lies_in(c, letter_ranges())) return UnicodeClass::letter;
  if (lies_in(c, number_ranges())) return UnicodeClass::number;
  return UnicodeClass::other;
}

constexpr std::size_t kTabled = 0x3000;  // most scripts; ideographs are one range

std::array<UnicodeClass, kTabled> make_table() {
  std::array<UnicodeClass, kTabled> table{};
  for (std::size_t c = 0; c < kTabled; ++c) table[c] = look_up(static_cast<char32_t>(c));
  return table;
}

}  // namespace

UnicodeClass unicode_class_of(char32_t code_point) {
  static const std::array<UnicodeClass, kTabled> table = make_table();
  return code_point < kTabled ? table[code_point] : look_up(code_point);
}

}  // namespace evalzip
