// A lane of text on its way out of a stream: its tokens as they become known.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/llm/token_context.h"
#include "codecs/llm/token_end_model.h"
#include "codecs/llm/token_walk.h"

namespace evalzip {

// For each byte: if wants_rows(), a prediction is fetched; then walk() says what is known of the
// byte, whose bits it takes, and take() that it is known; then, if asks(), end_token() if it does.
class TokenLaneReader {
 public:
  TokenLaneReader(const SortedVocabulary& vocabulary, const TokenContext& context)
      : vocabulary_(vocabulary), context_(context) {}

  bool wants_rows() const { return !predicted_; }
  void append_rows(std::vector<TokenRow>& rows) {
    if (begun_) {
      context_.take(before_, rows);
    } else {
      context_.begin(rows);
    }
    begun_ = true;
  }
  // From any thread.
  void predict(const Logits& logits, const RowKernels& kernels, SortedCounts::Scratch& scratch) {
    counts_.assign(logits, vocabulary_, kernels, scratch);
    walk_.begin(vocabulary_, counts_);
    predicted_ = true;
  }

  // Whether the token has none of its bytes known yet.
  bool at_first() const { return walk_.depth() == 0; }
  TokenWalk& walk() { return walk_; }
  void take(std::uint8_t byte) {
    recent_ = recent_ << 8 | byte;
    walk_.take(byte);
    if (walk_.must_end()) end_token();
  }
  bool asks() const { return predicted_ && walk_.can_end(); }
  TokenEndModel::Place place() const {
    return {.log_odds = walk_.end_log_odds(),
            .node = walk_.node(),
            .before = before_,
            .recent = recent_};
  }
  void end_token() {
    before_ = walk_.token();
    predicted_ = false;
  }

 private:
  const SortedVocabulary& vocabulary_;
  TokenContext context_;
  SortedCounts counts_;
  TokenWalk walk_;  // holds on to counts_
  bool begun_ = false, predicted_ = false;
  std::uint32_t before_ = 0;  // the last whole token
  std::uint64_t recent_ = 0;  // bytes
};

}  // namespace evalzip
