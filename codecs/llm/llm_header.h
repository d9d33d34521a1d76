// How a stream of the language-model coder begins.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// The first bytes of the SHA-256 of the model's file: a stream names its model by them.
using ModelId = std::array<std::byte, 8>;

constexpr std::size_t kMostSegments = 1024;
constexpr std::size_t kLeastPositions = 4;

struct ParsedHeader;

struct LlmHeader {
  struct Segment {
    std::size_t bytes;  // of the payload
    bool stored;        // the payload is the segment itself
  };

  ModelId model;
  std::size_t positions;  // of the context, kLeastPositions or more
  std::vector<Segment> segments;

  std::vector<std::byte> written() const;

  // Absent unless a header of this version stands there, and the payloads of its segments are all
  // that follows. `size` is the decoded size, at least 1.
  static std::optional<ParsedHeader> read(Bytes input, std::size_t size);

  // The most bytes a header for `size` bytes takes.
  static std::size_t bound(std::size_t size);
};

struct ParsedHeader {
  LlmHeader header;
  Bytes payload;
};

// Segments are equally long, but for the last ones, which may be shorter or empty.
template <class Byte>
std::span<Byte> segment_of(std::span<Byte> bytes, std::size_t count, std::size_t index) {
  const std::size_t length = (bytes.size() + count - 1) / count;
  const std::size_t begin = std::min(index * length, bytes.size());
  return bytes.subspan(begin, std::min(length, bytes.size() - begin));
}

}  // namespace evalzip
