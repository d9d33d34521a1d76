// How a block begins that a language model and context mixing code together.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "codecs/codec.h"
#include "codecs/llm/llm_header.h"

namespace evalzip {

// Of a block whose text the two models code, and whose other bytes context mixing alone.
struct MixedHeader {
  // The first byte, where a block without mixing has another number: of the arithmetic from bytes
  // to probabilities, of models whose tokens are bytes and of others. Whatever changes a single
  // probability takes the next number that is free.
  static constexpr std::byte kVersion{8}, kTokenVersion{9};
  static bool begins(std::byte first) { return first == kVersion || first == kTokenVersion; }

  bool tokens_are_bytes = true;
  ModelId model{};
  std::size_t positions = kLeastPositions;  // of the context
  unsigned level = 0;                       // of cm, a strong one
  std::size_t segments = 1;                 // of the text
  // Sizes of what is text and what is not, in turns, text first; only that may be 0.
  std::vector<std::size_t> parts;
  std::size_t text_payload = 0;  // bytes

  std::size_t text_size() const;

  std::vector<std::byte> written() const;
  // Takes it off `rest`. Absent unless its parts are `size` bytes together, at least 1.
  static std::optional<MixedHeader> read(Bytes& rest, std::size_t size);

  // What a header of one part takes at most.
  static constexpr std::size_t kShort = 48;
};

}  // namespace evalzip
