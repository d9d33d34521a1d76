#include "corpora/file_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace evalzip {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

// Length of the UTF-8 sequence at the front of `text`, 0 if there is none (RFC 3629: no overlong
// forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                   (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return bad ? 0 : length;
}

// Copies `text`, writing each byte that cannot be shown as `mark` and two hex digits.
std::string escaped(std::string_view text, std::string_view mark, std::string_view also) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const bool plain = length > 1 || (length == 1 && !is_control(text[0]) &&
                                      also.find(text[0]) == std::string_view::npos);
    const std::size_t taken = std::max<std::size_t>(length, 1);
    if (plain) {
      result += text.substr(0, taken);
    } else {
      result += fmt::format("{}{:02X}", mark, static_cast<unsigned char>(text[0]));
    }
    text.remove_prefix(taken);
  }
  return result;
}

bool in_class(std::string_view members, char c) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i + 2 < members.size() && members[i + 1] == '-') {
      if (members[i] <= c && c <= members[i + 2]) return true;
      i += 2;
    } else if (members[i] == c) {
      return true;
    }
  }
  return false;
}

// One step of a part's pattern against one character. Returns how much of the pattern it took, 0
// if it does not match. The caller has dealt with '*'.
std::size_t match_one(std::string_view pattern, char c) {
  if (pattern[0] == '?') return 1;
  if (pattern[0] != '[') return pattern[0] == c ? 1 : 0;
  const std::size_t end = pattern.find(']', pattern.size() > 1 && pattern[1] == '!' ? 3 : 2);
  if (end == std::string_view::npos) return c == '[' ? 1 : 0;
  std::string_view members = pattern.substr(1, end - 1);
  const bool negated = members.front() == '!';
  if (negated) members.remove_prefix(1);
  return in_class(members, c) != negated ? end + 1 : 0;
}

// Greedy match with one point of return, the last '*' (as in Rich Salz's wildmat, 1986).
bool matches_part(std::string_view pattern, std::string_view part) {
  if (part.starts_with('.') && !pattern.starts_with('.')) return false;
  std::size_t p = 0, s = 0;
  std::size_t star = std::string_view::npos, star_end = 0;
  while (s < part.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_end = s;
      continue;
    }
    const std::size_t taken = p < pattern.size() ? match_one(pattern.substr(p), part[s]) : 0;
    if (taken > 0) {
      p += taken;
      ++s;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      s = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool matches_parts(const std::vector<std::string_view>& pattern,
                   const std::vector<std::string_view>& path) {
  // reached[j]: the pattern's parts so far can match the first j parts of the path.
  std::vector<bool> reached(path.size() + 1, false);
  reached[0] = true;
  for (const std::string_view part : pattern) {
    std::vector<bool> next(path.size() + 1, false);
    for (std::size_t j = 0; j <= path.size(); ++j) {
      if (part == "**") {
        next[j] = reached[j] || (j > 0 && next[j - 1] && !path[j - 1].starts_with('.'));
      } else {
        next[j] = j > 0 && reached[j - 1] && matches_part(part, path[j - 1]);
      }
    }
    reached = std::move(next);
  }
  return reached.back();
}

}  // namespace

std::vector<std::string_view> split_parts(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::optional<std::string> unsafe_name(std::string_view name) {
  constexpr std::size_t kLongestName = 1024, kLongestPart = 200;
  if (name.empty()) return "it is empty";
  if (name.size() > kLongestName) return fmt::format("it has more than {} bytes", kLongestName);
  if (name.front() == '/') return "it is an absolute path";
  if (std::any_of(name.begin(), name.end(), is_control)) return "it has a control character";
  if (name.find('\\') != std::string_view::npos) return "it has a backslash";
  for (const std::string_view part : split_parts(name)) {
    if (part.empty()) return "it has an empty part between slashes";
    if (part == "." || part == "..") return fmt::format("it has the part '{}'", part);
    if (part.size() > kLongestPart)
      return fmt::format("a part has more than {} bytes", kLongestPart);
  }
  return std::nullopt;
}

std::string in_quotes(std::string_view name) { return '"' + escaped(name, "\\x", "") + '"'; }

std::string document_name(const std::filesystem::path& relative_path) {
  const std::string name = relative_path.generic_string();
  const bool plain = escaped(name, "%", "") == name;
  return plain ? name : escaped(name, "%", "%");
}

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

bool matches_pattern(std::string_view pattern, std::string_view path) {
  return matches_parts(split_parts(pattern), split_parts(path));
}

bool ends_with_parts(const std::filesystem::path& path, const std::filesystem::path& name) {
  const std::string whole = path.generic_string(), end = name.generic_string();
  if (!whole.ends_with(end)) return false;
  return whole.size() == end.size() || whole[whole.size() - end.size() - 1] == '/';
}

}  // namespace evalzip
