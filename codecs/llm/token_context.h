// What of a segment the model sees: its tokens one after the other, and where a new start is made.
#pragma once

#include <cstdint>
#include <vector>

#include "codecs/llm/transformer.h"

namespace evalzip {

// Encoder and decoder follow the same rule. A segment starts with the begin symbol at position 0.
// When all positions are taken, the next token starts anew: position 0 is the begin symbol again,
// and the last tokens, of which the new one is the last, are taken in once more behind it, so that
// a quarter of the positions is filled.
class TokenContext {
 public:
  // positions >= 4.
  TokenContext(KeyValueCache& cache, std::uint32_t begin_symbol, std::size_t positions)
      : cache_(&cache), begin_symbol_(begin_symbol), positions_(positions) {}

  // Appends the row that predicts the first token.
  void begin(std::vector<TokenRow>& rows) {
    taken_.clear();
    recent_ = 0;
    position_ = 0;
    append({begin_symbol_, 0}, true, rows);
  }

  // Appends the rows that take the token in; the last of them predicts the next one.
  void take(std::uint32_t token, std::vector<TokenRow>& rows) {
    recent_ = recent_ << 8 | (token & 255u);
    taken_.push_back({token, recent_});
    if (position_ < positions_) {
      append(taken_.back(), true, rows);
      return;
    }
    const std::size_t kept = positions_ / 4;
    position_ = 0;
    append({begin_symbol_, 0}, false, rows);
    taken_.erase(taken_.begin(), taken_.end() - static_cast<std::ptrdiff_t>(kept));
    for (std::size_t i = 0; i < kept; ++i) append(taken_[i], i + 1 == kept, rows);
  }

 private:
  struct Taken {
    std::uint32_t token;
    std::uint64_t recent;
  };

  void append(const Taken& taken, bool predicts, std::vector<TokenRow>& rows) {
    rows.push_back({.cache = cache_,
                    .token = taken.token,
                    .position = position_++,
                    .predicts = predicts,
                    .recent = taken.recent});
  }

  KeyValueCache* cache_;
  std::uint32_t begin_symbol_;
  std::size_t positions_;
  std::size_t position_ = 0;
  std::uint64_t recent_ = 0;  // the last tokens, as TransformerWeights::Input has them
  std::vector<Taken> taken_;  // since the last start
};

}  // namespace evalzip
