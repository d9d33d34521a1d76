#include "reports/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "harness/utf8.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

struct Replacement {
  char character;
  std::string_view text;
};

template <std::size_t N>
std::string replaced(std::string_view text, const Replacement (&replacements)[N]) {
  std::string result;
  for (const char c : text) {
    const auto found = std::ranges::find(replacements, c, &Replacement::character);
    if (found == std::end(replacements)) {
      result += c;
    } else {
      result += found->text;
    }
  }
  return result;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// Entities cannot be read as markup (CommonMark 0.31, 6.2), and unlike backslashes they cannot meet
// another backslash. The underscore of many names is no markup inside a word but may be one at its
// ends.
constexpr Replacement kMarkdown[] = {
    {'&', "&amp;"}, {'<', "&lt;"},   {'>', "&gt;"},  {'\\', "&#92;"}, {'`', "&#96;"},
    {'*', "&#42;"}, {'_', "&#95;"},  {'[', "&#91;"}, {']', "&#93;"},  {'|', "&#124;"},
    {'$', "&#36;"}, {'~', "&#126;"}, {'@', "&#64;"}, {'!', "&#33;"},  {'#', "&#35;"}};

constexpr Replacement kXml[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

constexpr Replacement kLatex[] = {{'\\', "\\textbackslash{}"},
                                  {'{', "\\{"},
                                  {'}', "\\}"},
                                  {'$', "\\$"},
                                  {'&', "\\&"},
                                  {'#', "\\#"},
                                  {'%', "\\%"},
                                  {'_', "\\_"},
                                  {'^', "\\textasciicircum{}"},
                                  {'~', "\\textasciitilde{}"},
                                  {'<', "\\textless{}"},
                                  {'>', "\\textgreater{}"},
                                  {'|', "\\textbar{}"},
                                  {'"', "\\textquotedbl{}"},
                                  {'\'', "\\textquotesingle{}"},
                                  {'`', "\\textasciigrave{}"},
                                  {'-', "{-}"},  // no ligatures: -- is two hyphens
                                  {',', "{,}"},
                                  {'?', "{?}"},
                                  {'!', "{!}"},
                                  // A bracket could be read as an option of the macro before it.
                                  {'[', "{[}"},
                                  {']', "{]}"}};

// What T1 and inputenc know without further packages; 0xd7 and 0xf7 are signs of the text
// companion.
bool is_latin_letter(char32_t value) {
  return value >= 0xC0 && value <= 0xFF && value != 0xD7 && value != 0xF7;
}

std::string ascii_and_latin(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::optional<CodePoint> point = first_code_point(text);
    const std::size_t size = point ? point->bytes : 1;
    const char32_t value = point ? point->value : 0xFFFD;
    if (value < 0x80 || is_latin_letter(value)) {
      result += text.substr(0, size);
    } else if (value == U'±') {
      result += "±";
    } else if (value == U'·') {
      result += "·";
    } else if (value == U'×') {
      result += "×";
    } else {
      result += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(value));
    }
    text.remove_prefix(size);
  }
  return result;
}

}  // namespace

std::string markdown_text(std::string_view bytes) {
  std::string text = replaced(printable(bytes), kMarkdown);
  replace_all(text, "://", "&#58;//");
  for (const std::string_view w : {"www.", "Www.", "WWW."}) {
    replace_all(text, w, std::string(w.substr(0, 3)) + "&#46;");
  }
  return text;
}

std::string csv_field(std::string_view bytes) {
  std::string text = printable(bytes);
  constexpr std::string_view kStarts[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
  const std::size_t word = text.find_first_not_of(' ');
  const std::string_view start =
      word == text.npos ? std::string_view() : std::string_view(text).substr(word);
  if (std::ranges::any_of(kStarts, [&](auto sign) { return start.starts_with(sign); })) {
    text.insert(0, 1, '\'');
  }
  replace_all(text, "\"", "\"\"");
  return '"' + text + '"';
}

std::string xml_text(std::string_view bytes) { return replaced(printable(bytes), kXml); }

std::string latex_text(std::string_view bytes) {
  std::string text = replaced(ascii_and_latin(printable(bytes)), kLatex);
  replace_all(text, "±", "\\textpm{}");
  replace_all(text, "·", "\\textperiodcentered{}");
  replace_all(text, "×", "\\texttimes{}");
  return text;
}

}  // namespace evalzip
