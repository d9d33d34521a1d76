// What encloses a place of a text: keys of JSON, elements of XML, fields of a line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "codecs/context/context_hash.h"

namespace evalzip {

// Follows bytes without knowing the language: braces and tags open and close, strings before a
// colon and names before an equals sign are keys, delimiters count fields. A line that begins with
// a letter or digit is taken for one that nothing encloses, as in logs and tables. In a text that
// is none of these, or is broken, what it tells is still a context, only a worse one.
class Nesting {
 public:
  void follow(std::uint32_t byte);

  // Of the innermost thing that encloses the next byte, the one around it, and how many there are.
  std::uint32_t key() const { return stack_[depth_].key; }
  std::uint32_t parent() const { return stack_[depth_ > 0 ? depth_ - 1 : 0].key; }
  std::uint32_t depth() const { return static_cast<std::uint32_t>(depth_); }

  // How many commas, tabs and the like, and how many words, there are before it in its line.
  std::uint32_t field() const { return field_; }
  std::uint32_t token() const { return token_; }
  // The bytes since the last of them.
  std::uint32_t in_field() const { return in_field_; }
  std::uint32_t in_token() const { return in_token_; }
  // What the field and the token before were.
  std::uint32_t field_before() const { return field_before_; }
  std::uint32_t token_before() const { return token_before_; }
  bool begins_field() const { return begins_field_; }
  bool begins_token() const { return begins_token_; }

 private:
  static constexpr std::size_t kDeepest = 31;

  struct Level {
    std::uint32_t key = 0;
    bool is_list = false;
  };

  void open(std::uint32_t key, bool is_list = false);
  void close();
  void follow_string(std::uint32_t byte);
  void follow_structure(std::uint32_t byte);
  void follow_tag(std::uint32_t byte);
  void follow_line(std::uint32_t byte);

  std::array<Level, kDeepest + 1> stack_{};
  std::size_t depth_ = 0;
  bool in_string_ = false, escaped_ = false;
  std::uint32_t string_ = 0;  // the last one, or so far
  std::uint32_t word_ = 0;    // the last run of letters and digits, or so far
  bool in_word_ = false;
  enum class Tag { none, name, attributes, closing } tag_ = Tag::none;
  std::uint32_t tag_name_ = 0, last_byte_ = 0;
  std::uint32_t field_ = 0, token_ = 0, in_field_ = 0, in_token_ = 0;
  std::uint32_t field_before_ = 0, token_before_ = 0;
  bool begins_field_ = true, begins_token_ = true;
};

}  // namespace evalzip
