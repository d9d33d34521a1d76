#include "tracking/ci_escape.h"

#include "reports/printable.h"

namespace evalzip {
namespace {

// printable() first: what is left is valid UTF-8 without control characters, on one line.
template <class Escape>
std::string escaped(std::string_view bytes, Escape escape) {
  std::string out;
  for (const char c : printable(bytes)) escape(c, out);
  return out;
}

}  // namespace

std::string junit_text(std::string_view bytes) {
  return escaped(bytes, [](char c, std::string& out) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  });
}

std::string comment_text(std::string_view bytes) {
  constexpr std::string_view kMarkup = "\\`*_{}[]()#+!|~$:";
  // GitHub notifies @people and links www.addresses in the finished text, after all escapes are
  // gone; a word joiner, which is not seen, makes them neither.
  constexpr std::string_view kJoiner = "&#8288;";
  return escaped(bytes, [=](char c, std::string& out) {
    switch (c) {
      case '&':
        out += "&amp;";
        return;
      case '<':
        out += "&lt;";
        return;
      case '>':
        out += "&gt;";
        return;
      default:
        break;
    }
    if (kMarkup.find(c) != kMarkup.npos) out += '\\';
    const bool starts_link = c == '@' || (c == '.' && out.ends_with("www"));
    out += c;
    if (starts_link) out += kJoiner;
  });
}

// The rules of @actions/core: % and line ends in messages; colons and commas too in properties.
std::string command_message(std::string_view bytes) {
  return escaped(bytes, [](char c, std::string& out) {
    if (c == '%') {
      out += "%25";
    } else {
      out += c;
    }
  });
}

std::string command_property(std::string_view bytes) {
  return escaped(bytes, [](char c, std::string& out) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case ':':
        out += "%3A";
        break;
      case ',':
        out += "%2C";
        break;
      default:
        out += c;
    }
  });
}

}  // namespace evalzip
