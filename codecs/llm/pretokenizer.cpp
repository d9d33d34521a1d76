#include "codecs/llm/pretokenizer.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "codecs/llm/unicode_class.h"
#include "codecs/llm/utf8_character.h"

namespace evalzip {
namespace {

using enum UnicodeClass;

struct Character {
  char32_t code_point = Utf8Character::kNone;
  UnicodeClass kind = other;
  std::size_t end = 0;  // where the next one begins
};

bool is_line_end(char32_t code_point) { return code_point == '\r' || code_point == '\n'; }

// Matches the alternatives at one place after the other.
class Matcher {
 public:
  Matcher(Pretokenizer rule, Bytes text) : rule_(rule), text_(text) {}

  std::size_t end_of_piece(std::size_t position) const {
    const bool newer = rule_ == Pretokenizer::llama3 || rule_ == Pretokenizer::qwen2;
    return newer ? newer_end(position) : gpt2_end(position);
  }

 private:
  bool at_end(std::size_t position) const { return position == text_.size(); }

  Character read(std::size_t position) const {
    const Utf8Character one = read_character(text_, position);
    return {one.code_point, unicode_class_of(one.code_point), position + one.size};
  }

  // Where the characters of one class end.
  std::size_t end_of_run(std::size_t position, UnicodeClass kind) const {
    while (!at_end(position)) {
      const Character next = read(position);
      if (next.kind != kind) break;
      position = next.end;
    }
    return position;
  }

  // End of the contraction that begins at the apostrophe at `position`, or `position`.
  std::size_t contraction_end(std::size_t position, bool any_case) const {
    constexpr std::array<std::string_view, 7> kEndings = {"s", "t", "re", "ve", "m", "ll", "d"};
    for (const std::string_view ending : kEndings) {
      if (ending.size() > text_.size() - position - 1) continue;
      const auto same = [&](std::size_t i) {
        const char letter = std::to_integer<char>(text_[position + 1 + i]);
        return letter == ending[i] || (any_case && letter == ending[i] - 'a' + 'A');
      };
      if (same(0) && (ending.size() == 1 || same(1))) return position + 1 + ending.size();
    }
    return position;
  }

  // A run of whitespace from `position`: all of it where the text, or a fragment of it, ends after
  // it, else all but its last character, else that one.
  std::size_t whitespace_end(std::size_t position) const {
    std::size_t end = position, last = position;
    while (!at_end(end)) {
      const Character next = read(end);
      if (next.kind != whitespace) {
        const bool fragment_ends = rule_ == Pretokenizer::smollm && next.kind == number;
        return fragment_ends || last == position ? end : last;
      }
      last = end;
      end = next.end;
    }
    return end;
  }

  std::size_t gpt2_end(std::size_t position) const {
    const Character first = read(position);
    if (first.code_point == '\'') {
      if (const std::size_t end = contraction_end(position, false); end != position) return end;
    }
    Character start = first;
    if (first.code_point == ' ' && !at_end(first.end)) start = read(first.end);
    if (rule_ == Pretokenizer::smollm && start.kind == number) return first.end;
    if (start.kind == whitespace) return whitespace_end(position);
    return end_of_run(start.end, start.kind);
  }

  // End of up to three numbers, the first of which ends at `end`.
  std::size_t numbers_end(std::size_t end) const {
    const int most = rule_ == Pretokenizer::llama3 ? 3 : 1;
    for (int count = 1; count < most && !at_end(end); ++count) {
      const Character next = read(end);
      if (next.kind != number) break;
      end = next.end;
    }
    return end;
  }

  // [^\s\p{L}\p{N}]+[\r\n]*
  std::size_t symbols_end(std::size_t position) const {
    position = end_of_run(position, other);
    while (!at_end(position) && is_line_end(read(position).code_point)) ++position;
    return position;
  }

  // \s*[\r\n]+ : up to the last line end of the run; `position` where it has none.
  std::size_t line_ends_end(std::size_t position) const {
    std::size_t end = position;
    while (!at_end(position)) {
      const Character next = read(position);
      if (next.kind != whitespace) break;
      position = next.end;
      if (is_line_end(next.code_point)) end = position;
    }
    return end;
  }

  std::size_t newer_end(std::size_t position) const {
    const Character first = read(position);
    if (first.code_point == '\'') {
      if (const std::size_t end = contraction_end(position, true); end != position) return end;
    }
    if (first.kind == letter) return end_of_run(first.end, letter);
    if (first.kind == number) return numbers_end(first.end);
    if (!is_line_end(first.code_point) && !at_end(first.end)) {
      const Character second = read(first.end);
      if (second.kind == letter) return end_of_run(second.end, letter);
      if (first.code_point == ' ' && second.kind == other) return symbols_end(second.end);
    }
    if (first.kind == other) return symbols_end(first.end);
    const std::size_t end = line_ends_end(position);
    return end != position ? end : whitespace_end(position);
  }

  Pretokenizer rule_;
  Bytes text_;
};

struct Name {
  std::string_view name;
  Pretokenizer rule;
};

constexpr Name kNames[] = {
    {"gpt-2", Pretokenizer::gpt2},       {"phi-2", Pretokenizer::gpt2},
    {"mpt", Pretokenizer::gpt2},         {"olmo", Pretokenizer::gpt2},
    {"jais", Pretokenizer::gpt2},        {"trillion", Pretokenizer::gpt2},
    {"gigachat", Pretokenizer::gpt2},    {"smollm", Pretokenizer::smollm},
    {"starcoder", Pretokenizer::smollm}, {"refact", Pretokenizer::smollm},
    {"command-r", Pretokenizer::smollm}, {"codeshell", Pretokenizer::smollm},
    {"llama-bpe", Pretokenizer::llama3}, {"llama3", Pretokenizer::llama3},
    {"llama-v3", Pretokenizer::llama3},  {"falcon3", Pretokenizer::llama3},
    {"dbrx", Pretokenizer::llama3},      {"smaug-bpe", Pretokenizer::llama3},
    {"qwen2", Pretokenizer::qwen2},      {"deepseek-r1-qwen", Pretokenizer::qwen2},
    {"stablelm2", Pretokenizer::qwen2},  {"hunyuan", Pretokenizer::qwen2}};

}  // namespace

std::optional<Pretokenizer> pretokenizer_called(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name, &Name::name);
  if (found == std::end(kNames)) return std::nullopt;
  return found->rule;
}

std::size_t piece_size(Pretokenizer rule, Bytes text, std::size_t position) {
  return Matcher(rule, text).end_of_piece(position) - position;
}

}  // namespace evalzip
