// Logits to integer counts: the one place where the prediction of a language model becomes
// intervals.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/entropy_model.h"
#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/logit_exponentials.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

// Logits are integers, so all that follows is exact: with d = largest - logit, a token has the
// exponential e = floor(2^30 * 2^(-d / 256)) and the count 1 + (e >> shift), where shift is the
// least that keeps the sum of (e >> shift) below 2^31. So the total is between 2^30 and 2^31 plus
// the vocabulary, a token of any logit can be coded, and all of this costs less than 0.0003 bits a
// token.
class TokenCounts {
 public:
  // `logits` has `vocabulary` numbers and padding to whole lanes, which may hold anything.
  void assign(std::span<std::int16_t> logits, std::size_t vocabulary, const RowKernels& kernels);

  // Memory for that many tokens.
  static std::uint64_t bytes(std::size_t vocabulary) { return vocabulary * sizeof(std::int32_t); }

  std::uint32_t total() const { return total_; }
  Interval interval(Symbol token) const;
  Symbol find(std::uint32_t point) const;  // point < total()

  // Code length under the softmax itself, before counts are rounded; in bits.
  double model_bits(Symbol token) const;

 private:
  std::uint32_t width(std::size_t token) const { return count_of(exponentials_[token], shift_); }
  std::uint32_t sum(std::size_t first, std::size_t count) const;  // count: whole lanes
  std::size_t block_size(std::size_t block) const;

  const RowKernels* kernels_ = nullptr;
  std::span<const std::int16_t> logits_;
  AlignedVector<std::int32_t> exponentials_;
  std::vector<std::uint32_t> block_sums_;  // of the counts of successive tokens
  std::size_t vocabulary_ = 0;
  LogitExponentials of_all_{};
  unsigned shift_ = 0;
  std::uint32_t total_ = 0;
};

}  // namespace evalzip
