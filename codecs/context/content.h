// What kinds of content are told apart, because each is best predicted by contexts of its own.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evalzip {

enum class Content : std::uint8_t {
  text,          // of any script; source, and whatever is not told further apart
  binary,        // anything else, often of records of one length
  x86,           // machine code, its call targets absolute: x86_filter.h
  image,         // samples of one size: pictures, sound, tables of numbers
  run,           // one byte, again and again
  stored,        // compressed or encrypted already
  markup,        // text with keys, tags or fields: JSON, XML, logs, tables with delimiters
  multilingual,  // text in UTF-8 of which much is beyond ASCII
};

inline constexpr std::size_t kContents = 8;
inline constexpr std::uint32_t kMostChannels = 16;
inline constexpr std::uint32_t kWidestImage = 1u << 18;  // bytes in a row

// A part of a block that is of one kind.
struct Segment {
  Content content = Content::binary;
  std::size_t size = 0;     // bytes, at least 1
  std::uint32_t width = 0;  // bytes in a row or record; 0 if there is none. binary, image

  // Of an image:
  std::uint32_t sample = 1;    // bytes in a sample, 1 to 4
  std::uint32_t channels = 1;  // samples in a pixel, or columns of a table: 1 to kMostChannels
  bool little_endian = false;  // samples of several bytes begin with their lowest
  bool is_signed = false;
};

// Rows of fewer pixels are none: the right neighbour above would not be known.
inline bool has_rows(const Segment& image) {
  constexpr std::uint32_t kLeastPixels = 4;
  return image.width >= kLeastPixels * image.sample * image.channels;
}

// Whether the rows are of whole samples, and the image has one of them at least. The encoder and
// the reader of a stream ask here, so that none writes what the other refuses.
inline bool has_whole_rows(const Segment& image) {
  return has_rows(image) && image.width % image.sample == 0 && image.width <= kWidestImage &&
         image.width <= image.size;
}

}  // namespace evalzip
