// What the prediction of a token says of the bytes that come, bit by bit.
#pragma once

#include <cstdint>
#include <optional>

#include "codecs/llm/sorted_counts.h"
#include "codecs/llm/sorted_vocabulary.h"

namespace evalzip {

// Follows the bytes of a token: of the tokens that begin with the bytes so far, those whose next
// bit is a one against those whose next bit is a zero. After each byte the token may end, or has
// to, or cannot. The decisions together are as likely as the token.
class TokenWalk {
 public:
  // Both outlive the walk.
  void begin(const SortedVocabulary& vocabulary, const SortedCounts& counts);

  // The next bit, if all tokens that are left agree; the log odds, as in squash.h, that it is a
  // one, from integers only.
  std::optional<bool> certain_bit() const;
  int log_odds() const { return log_odds_; }
  // One that some token has.
  void take_bit(bool bit);
  // The eight bits that were taken, or are not.
  void take(std::uint8_t byte);

  std::uint32_t depth() const { return range_.depth; }  // bytes taken
  bool can_end() const { return ended_ > 0; }
  bool must_end() const { return first_longer_ == range_.end; }
  // That the token ends here, where it can and need not.
  int end_log_odds() const;

  // The bytes so far, by a number; where they are a token, that token and its cost in bits.
  std::uint32_t node() const { return range_.begin; }
  Symbol token() const { return vocabulary_->chosen(range_); }
  double bits() const;

 private:
  void open_byte();
  void open_bit();

  const SortedVocabulary* vocabulary_ = nullptr;
  const SortedCounts* counts_ = nullptr;
  SortedVocabulary::Range range_{}, bits_{};  // by bytes, and by the bits after them
  std::uint32_t first_longer_ = 0;
  std::uint32_t split_ = 0;  // where the next bit is a one
  std::uint32_t ended_ = 0;  // counts of the tokens that are the bytes so far
  unsigned node_ = 1;        // a 1, and the bits of the byte so far
  int log_odds_ = 0;
};

}  // namespace evalzip
