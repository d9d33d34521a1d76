// What kinds of content are told apart, because each is best predicted by contexts of its own.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evalzip {

enum class Content : std::uint8_t {
  text,    // of any script; source, markup, JSON, logs
  binary,  // anything else, often of records of one length
  x86,     // machine code, its call targets absolute: x86_filter.h
  image,   // samples of one size in rows of one length
  run,     // one byte, again and again
  stored,  // compressed or encrypted already
};

inline constexpr std::size_t kContents = 6;

// A part of a block that is of one kind.
struct Segment {
  Content content = Content::binary;
  std::size_t size = 0;      // bytes, at least 1
  std::uint32_t width = 0;   // bytes in a row or record; 0 if there is none. binary, image
  std::uint32_t sample = 1;  // bytes in a sample of an image, 1 to 4
};

}  // namespace evalzip
