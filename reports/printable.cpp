#include "reports/printable.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "harness/utf8.h"

namespace evalzip {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode 15 general categories Cc, Cf, Zl and Zp, as far as terminals act on them or hide them.
constexpr Range kInvisible[] = {{0x00, 0x1F},     {0x7F, 0x9F},      {0xAD, 0xAD},
                                {0x061C, 0x061C}, {0x180E, 0x180E},  {0x200B, 0x200F},
                                {0x2028, 0x202E}, {0x2060, 0x206F},  {0xFEFF, 0xFEFF},
                                {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

// The blocks of combining marks that file names of today's languages use.
constexpr Range kCombining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF}, {0x302A, 0x302D}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

// East_Asian_Width W and F.
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E},
                           {0x3041, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
                           {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
                           {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF},
                           {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
                           {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

bool within(std::span<const Range> ranges, char32_t value) {
  return std::ranges::any_of(
      ranges, [=](const Range& range) { return range.first <= value && value <= range.last; });
}

std::size_t cells(char32_t value) {
  if (within(kCombining, value)) return 0;
  return within(kWide, value) ? 2 : 1;
}

// Bytes at the front of `text` that belong together: a code point, or a byte that is none.
std::size_t first_size(std::string_view text) {
  const std::optional<CodePoint> point = first_code_point(text);
  return point ? point->bytes : 1;
}

// The longest prefix, in whole characters, that is at most `width` wide.
std::string_view prefix(std::string_view text, std::size_t width) {
  std::size_t taken = 0;
  while (taken < text.size()) {
    const std::size_t next = taken + first_size(text.substr(taken));
    if (display_width(text.substr(0, next)) > width) break;
    taken = next;
  }
  return text.substr(0, taken);
}

std::string_view suffix(std::string_view text, std::size_t width) {
  while (display_width(text) > width) text.remove_prefix(first_size(text));
  return text;
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::optional<CodePoint> point = first_code_point(bytes);
    const std::size_t size = point ? point->bytes : 1;
    if (!point || (point->value < 0x80 && within(kInvisible, point->value))) {
      text += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(bytes.front()));
    } else if (within(kInvisible, point->value)) {
      text += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(point->value));
    } else {
      text += bytes.substr(0, size);
    }
    bytes.remove_prefix(size);
  }
  return text;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::optional<CodePoint> point = first_code_point(text);
    width += point ? cells(point->value) : 1;
    text.remove_prefix(point ? point->bytes : 1);
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  assert(width > 2);
  if (display_width(text) <= width) return std::string(text);
  const std::string_view front = prefix(text, width / 2);
  const std::string_view back = suffix(text, width - 1 - display_width(front));
  return fmt::format("{}…{}", front, back);
}

}  // namespace evalzip
