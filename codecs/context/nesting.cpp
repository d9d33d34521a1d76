#include "codecs/context/nesting.h"

#include <algorithm>

namespace evalzip {
namespace {

bool is_word(std::uint32_t byte) {
  return (byte | 32u) - 'a' < 26u || byte - '0' < 10u || byte == '_' || byte == '-' || byte >= 128;
}

bool divides_fields(std::uint32_t byte) {
  return byte == ',' || byte == '\t' || byte == ';' || byte == '|';
}

}  // namespace

void Nesting::open(std::uint32_t key, bool is_list) {
  if (depth_ < kDeepest) ++depth_;
  stack_[depth_] = {key, is_list};
}

void Nesting::close() {
  if (depth_ > 0) --depth_;
}

void Nesting::follow(std::uint32_t byte) {
  if (last_byte_ == '\n' && is_word(byte)) {
    depth_ = 0;
    stack_[0] = {};
    tag_ = Tag::none;
  }
  if (in_string_) {
    follow_string(byte);
  } else {
    follow_structure(byte);
    follow_tag(byte);
  }
  if (is_word(byte)) {
    word_ = combine(in_word_ ? word_ : 0, byte);
  }
  in_word_ = is_word(byte);
  follow_line(byte);
  last_byte_ = byte;
}

// A string does not go beyond its line, so that an apostrophe or inch does no lasting harm.
void Nesting::follow_string(std::uint32_t byte) {
  if (escaped_) {
    escaped_ = false;
    string_ = combine(string_, byte);
  } else if (byte == '"' || byte == '\n') {
    in_string_ = false;
  } else {
    escaped_ = byte == '\\';
    string_ = combine(string_, byte);
  }
}

// Behind a comma a key is expected, and the one before it is what tells of it.
void Nesting::follow_structure(std::uint32_t byte) {
  switch (byte) {
    case '"':
      in_string_ = true;
      string_ = 0;
      break;
    case ':':
      if (last_byte_ == '"' && depth_ > 0) stack_[depth_].key = string_;
      break;
    case '=':
      if (tag_ == Tag::attributes) stack_[depth_].key = combine(tag_name_, word_);
      break;
    case ',':
      if (depth_ > 0 && !stack_[depth_].is_list)
        stack_[depth_].key = combine(stack_[depth_].key, 1);
      break;
    case '{':
      open(combine(stack_[depth_].key, 2));
      break;
    case '[':
      open(combine(stack_[depth_].key, 3), true);
      break;
    case '}':
    case ']':
      close();
      break;
    default:
      break;
  }
}

void Nesting::follow_tag(std::uint32_t byte) {
  if (byte == '<') {
    tag_ = Tag::name;
    tag_name_ = 0;
    return;
  }
  if (tag_ == Tag::none) return;
  if (byte == '/' && last_byte_ == '<') {
    tag_ = Tag::closing;
  } else if (byte == '>') {
    const bool opened = tag_ == Tag::name;
    if (opened) open(tag_name_);
    if (tag_ == Tag::attributes) stack_[depth_].key = tag_name_;
    if (tag_ == Tag::closing || last_byte_ == '/' || last_byte_ == '?') close();
    tag_ = Tag::none;
  } else if (tag_ == Tag::name && is_word(byte)) {
    tag_name_ = combine(tag_name_, byte);
  } else if (tag_ == Tag::name && tag_name_ != 0 && byte == ' ') {
    tag_ = Tag::attributes;
    open(tag_name_);
  } else if (tag_ == Tag::name && byte != ':' && byte != '/') {
    tag_ = Tag::none;
  }
}

void Nesting::follow_line(std::uint32_t byte) {
  begins_field_ = begins_token_ = false;
  in_field_ = combine(in_field_, byte);
  in_token_ = combine(in_token_, byte);
  if (byte == '\n') {
    field_ = token_ = 0;
    begins_field_ = begins_token_ = true;
  } else {
    begins_field_ = divides_fields(byte) && !in_string_;
    begins_token_ = !is_word(byte) && byte != '.';
    field_ += begins_field_ ? 1 : 0;
    token_ += begins_token_ && is_word(last_byte_) ? 1 : 0;
  }
  if (begins_field_) {
    field_before_ = in_field_;
    in_field_ = 0;
  }
  if (begins_token_) {
    token_before_ = in_token_;
    in_token_ = 0;
  }
}

}  // namespace evalzip
