// A lane of text on its way into a stream: its tokens, and what the language model makes of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "codecs/llm/token_context.h"
#include "codecs/llm/token_end_model.h"
#include "codecs/llm/token_guess.h"

namespace evalzip {

// For each byte: if wants_rows(), predictions are fetched; then next() says what is known of the
// byte, and take() that it was coded; then, if asks(), whether the token ends() is coded, and
// end_token() called if it does.
class TokenLaneWriter {
 public:
  // Predictions that are kept.
  static constexpr std::size_t kAhead = 64;

  // The sizes are of the tokens that the text is read in.
  TokenLaneWriter(const SortedVocabulary& vocabulary, const TokenContext& context,
                  std::vector<std::uint8_t> text, const std::vector<std::uint32_t>& sizes)
      : vocabulary_(vocabulary), context_(context), text_(std::move(text)), guesses_(kAhead) {
    tokens_.reserve(sizes.size());
    std::uint32_t begin = 0;
    for (const std::uint32_t size : sizes) {
      tokens_.push_back({begin, size});
      begin += size;
    }
  }

  std::size_t tokens() const { return tokens_.size(); }
  std::size_t predicted() const { return predicted_; }

  bool wants_rows() const { return current_ == predicted_; }
  // Whether a prediction of one more token can be kept.
  bool has_room() const { return predicted_ < std::min(current_ + kAhead, tokens_.size()); }
  // Appends the rows that predict that token.
  void append_rows(std::vector<TokenRow>& rows) {
    if (predicted_ == 0) {
      context_.begin(rows);
    } else {
      context_.take(symbol(predicted_ - 1), rows);
    }
    ++predicted_;
  }
  // What predicts a token: from any thread, after append_rows(). Returns what the token costs.
  double predict(std::size_t token, const SortedCounts& counts) {
    return guesses_[token % kAhead].assign(vocabulary_, counts, bytes_of(token));
  }

  // Whether the token has none of its bytes coded yet.
  bool at_first() const { return taken_ == 0; }
  const ByteGuess& next() const { return guess(taken_); }
  void take(std::uint8_t byte) {
    recent_ = recent_ << 8 | byte;
    ++taken_;
    if (ends() && !guess(taken_ - 1).asks) end_token();
  }
  bool asks() const { return taken_ > 0 && guess(taken_ - 1).asks; }
  bool ends() const { return taken_ == tokens_[current_].size; }
  TokenEndModel::Place place() const {
    const ByteGuess& last = guess(taken_ - 1);
    return {.log_odds = last.end_log_odds, .node = last.node, .before = before_, .recent = recent_};
  }
  void end_token() {
    before_ = symbol(current_++);
    taken_ = 0;
  }

 private:
  struct Token {
    std::uint32_t begin, size;
  };

  const ByteGuess& guess(std::size_t byte) const { return guesses_[current_ % kAhead].bytes[byte]; }
  std::span<const std::uint8_t> bytes_of(std::size_t token) const {
    return std::span(text_).subspan(tokens_[token].begin, tokens_[token].size);
  }
  Symbol symbol(std::size_t token) const { return vocabulary_.chosen(bytes_of(token)); }

  const SortedVocabulary& vocabulary_;
  TokenContext context_;
  std::vector<std::uint8_t> text_;
  std::vector<Token> tokens_;
  std::vector<TokenGuess> guesses_;  // [token % kAhead]
  std::size_t predicted_ = 0, current_ = 0;
  std::size_t taken_ = 0;     // bytes of the current token
  std::uint32_t before_ = 0;  // the last whole token
  std::uint64_t recent_ = 0;  // bytes
};

}  // namespace evalzip
