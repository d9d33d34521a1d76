// One segment of a stream on its way back: its range decoder, its context, and the bytes so far.
#pragma once

#include <vector>

#include "codecs/llm/token_context.h"
#include "codecs/llm/token_counts.h"
#include "codecs/llm/tokenizer.h"
#include "codecs/range_coder.h"

namespace evalzip {

class SegmentDecoder {
 public:
  // `output` is filled exactly; the tokenizer, the payload and the output outlive the decoder.
  SegmentDecoder(const Tokenizer& tokenizer, Bytes payload, MutableBytes output,
                 const TokenContext& context)
      : tokenizer_(tokenizer), decoder_(payload), output_(output), context_(context) {}

  void begin(std::vector<TokenRow>& rows) {
    if (!done()) context_.begin(rows);
  }

  // Decodes the token that `counts` predict. Any thread, one at a time.
  void decode(const TokenCounts& counts) {
    token_ = counts.find(decoder_.point(counts.total()));
    decoder_.drop(counts.interval(token_));
    spell();
  }

  // Appends the rows that take in the token just decoded, unless the segment is done.
  void take(std::vector<TokenRow>& rows) {
    if (!done()) context_.take(token_, rows);
  }

  // After the last token: whether the payload was one of an encoder.
  bool whole() const { return !corrupt_ && written_ == output_.size() && decoder_.whole(); }

 private:
  bool done() const { return corrupt_ || written_ == output_.size(); }

  // The tokens' bytes begin with the tokenizer's prefix, which is no part of the segment.
  void spell() {
    if (token_ >= tokenizer_.vocabulary() || tokenizer_.bytes_of(token_).empty()) {
      corrupt_ = true;  // no encoder gives such a token
      return;
    }
    for (const std::byte byte : tokenizer_.bytes_of(token_)) {
      if (skipped_ < tokenizer_.prefix().size()) {
        corrupt_ = corrupt_ || byte != tokenizer_.prefix()[skipped_++];
      } else if (written_ == output_.size()) {
        corrupt_ = true;
      } else {
        output_[written_++] = byte;
      }
    }
  }

  const Tokenizer& tokenizer_;
  RangeDecoder decoder_;
  MutableBytes output_;
  TokenContext context_;
  Symbol token_ = 0;
  std::size_t written_ = 0, skipped_ = 0;
  bool corrupt_ = false;
};

}  // namespace evalzip
