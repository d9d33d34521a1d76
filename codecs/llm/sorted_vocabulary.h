// A vocabulary as the bytes see it that come one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/llm/tokenizer.h"

namespace evalzip {

// All tokens that stand for bytes, in the order of their bytes, so that those which begin alike
// stand together. Every byte is a token by itself. It keeps no reference to the tokenizer.
class SortedVocabulary {
 public:
  explicit SortedVocabulary(const Tokenizer& tokenizer);

  // Memory that one would take, without making it.
  static std::uint64_t bytes(const Tokenizer& tokenizer);

  // By place.
  std::span<const Symbol> tokens() const { return tokens_; }

  // The places of the tokens whose first `depth` bytes are certain ones. Those that have no more
  // bytes stand first; there may be several of them.
  struct Range {
    std::uint32_t begin, end, depth;

    bool empty() const { return begin == end; }
  };
  Range all() const { return {0, static_cast<std::uint32_t>(tokens_.size()), 0}; }

  // The first place in [begin, end) whose byte at `depth` is at least `byte`, at most 256. What has
  // no such byte comes before all others. The places have their first `depth` bytes in common.
  std::uint32_t first_from(const Range& range, unsigned byte) const;
  // Where those begin that have more bytes.
  std::uint32_t first_longer(const Range& range) const { return first_from(range, 0); }
  Range narrowed(const Range& range, std::uint8_t byte) const {
    return {first_from(range, byte), first_from(range, byte + 1u), range.depth + 1};
  }

  // Of the tokens that are just these bytes, of which there is one, the one that text is read in:
  // SentencePiece has single characters twice, and text uses the later ones.
  Symbol chosen(const Range& range) const { return tokens_[first_longer(range) - 1]; }
  Symbol chosen(std::span<const std::uint8_t> bytes) const;

 private:
  int next_byte(std::uint32_t place, std::uint32_t depth) const {
    const std::uint32_t at = begins_[place] + depth;
    return at < begins_[place + 1] ? texts_[at] : -1;
  }

  std::vector<Symbol> tokens_;
  std::vector<std::uint32_t> begins_;  // of each token in texts_, and the end
  std::vector<std::uint8_t> texts_;
};

}  // namespace evalzip
