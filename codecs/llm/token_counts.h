// Logits to integer counts: the one place where the prediction of a language model becomes
// intervals.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/entropy_model.h"
#include "codecs/llm/exponential.h"
#include "codecs/llm/logits.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

// Logits are integers, so all that follows is exact: a token has the exponential that exponential.h
// defines, S(t) is the sum of those of the tokens before t, and t has the interval from
// t + (S(t) >> shift) to t + 1 + (S(t + 1) >> shift), where shift is the least that keeps the sum
// of all below 2^31. So the total is between 65535 * 2^14 and 2^31 plus the vocabulary, a token of
// any logit can be coded, and all of this costs less than 0.0004 bits a token, of up to 2^18.
class TokenCounts {
 public:
  // The logits are looked at until the next are assigned.
  void assign(const Logits& logits, const RowKernels& kernels);

  // Memory for that many tokens.
  static std::uint64_t bytes(std::size_t vocabulary) {
    return vocabulary / kSummedLogits * sizeof(std::uint64_t);
  }

  std::uint32_t total() const { return count(logits_.values.size(), sums_.back()); }
  Interval interval(Symbol token) const;
  Symbol find(std::uint32_t point) const;  // point < total()

  // Code length under the softmax itself, before counts are rounded; in bits.
  double model_bits(Symbol token) const;

 private:
  // Of the tokens before one, whose exponentials have that sum.
  std::uint32_t count(std::size_t tokens, std::uint64_t sum) const {
    return static_cast<std::uint32_t>(tokens) + static_cast<std::uint32_t>(sum >> shift_);
  }

  const RowKernels* kernels_ = nullptr;
  Logits logits_{};
  std::vector<std::uint64_t>
      sums_;  // of the exponentials before each run of kSummedLogits, and all
  unsigned shift_ = 0;
};

}  // namespace evalzip
