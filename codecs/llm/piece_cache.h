// Remembers how pieces of a text were tokenised, so that a word met again costs one look-up.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "codecs/codec.h"
#include "codecs/entropy_model.h"

namespace evalzip {

// A direct-mapped table of places: a piece's bytes are in the text, its tokens in the output, and
// nothing is copied until they are used again.
class PieceCache {
 public:
  // Both must outlive the cache; `tokens` only grows meanwhile.
  PieceCache(Bytes text, std::vector<Symbol>& tokens)
      : text_(text),
        tokens_(tokens),
        entries_(std::bit_ceil(std::clamp(text.size() / 8, std::size_t{16}, kMostEntries))) {}

  // Appends the tokens of text[position, position + size) if an equal piece is remembered; else
  // false.
  bool append_known(std::size_t position, std::size_t size) {
    const Entry& entry = entries_[slot_of(position, size)];
    if (entry.size != size || !same(entry.position, position, size)) return false;
    // By index: the vector may move while it grows.
    for (std::uint32_t i = 0; i < entry.token_count; ++i) {
      tokens_.push_back(tokens_[entry.first_token + i]);
    }
    return true;
  }

  // Remembers that the piece became the tokens from `first_token` to the end.
  void remember(std::size_t position, std::size_t size, std::size_t first_token) {
    if (size > kLongestPiece) return;
    entries_[slot_of(position, size)] = {position, first_token, static_cast<std::uint32_t>(size),
                                         static_cast<std::uint32_t>(tokens_.size() - first_token)};
  }

 private:
  static constexpr std::size_t kMostEntries = std::size_t{1} << 14;
  static constexpr std::size_t kLongestPiece = 64;  // longer ones do not come again

  struct Entry {
    std::size_t position = 0, first_token = 0;
    std::uint32_t size = 0, token_count = 0;
  };

  std::size_t slot_of(std::size_t position, std::size_t size) const {
    std::uint64_t hash = size;
    for (std::size_t i = 0; i < std::min(size, kLongestPiece); ++i) {
      hash = (hash ^ std::to_integer<std::uint64_t>(text_[position + i])) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 32;
    }
    return hash & (entries_.size() - 1);
  }

  bool same(std::size_t one, std::size_t other, std::size_t size) const {
    return std::memcmp(text_.data() + one, text_.data() + other, size) == 0;
  }

  Bytes text_;
  std::vector<Symbol>& tokens_;
  std::vector<Entry> entries_;
};

}  // namespace evalzip
