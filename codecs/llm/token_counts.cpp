#include "codecs/llm/token_counts.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>

namespace evalzip {

void TokenCounts::assign(const Logits& logits, const RowKernels& kernels) {
  kernels_ = &kernels;
  logits_ = logits;
  const std::size_t vocabulary = logits.values.size();
  sums_.resize((vocabulary + kSummedLogits - 1) / kSummedLogits + 1);
  sums_[0] = 0;
  kernels.sum_exponentials(logits.values.data(), vocabulary, logits.largest, sums_.data() + 1);
  std::partial_sum(sums_.begin(), sums_.end(), sums_.begin());
  shift_ = exponential::shift_for(sums_.back());
}

Interval TokenCounts::interval(Symbol token) const {
  assert(token < logits_.values.size());
  const std::size_t run = token / kSummedLogits, first = run * kSummedLogits;
  std::uint64_t before = 0;  // of the run
  if (token != first) {
    kernels_->sum_exponentials(logits_.values.data() + first, token - first, logits_.largest,
                               &before);
  }
  before += sums_[run];
  const std::uint64_t own = exponential::of_difference(logits_.largest - logits_.values[token]);
  const std::uint32_t low = count(token, before);
  return {.low = low, .width = count(token + 1, before + own) - low};
}

Symbol TokenCounts::find(std::uint32_t point) const {
  std::size_t run = 0;
  while (count((run + 1) * kSummedLogits, sums_[run + 1]) <= point) ++run;
  const std::size_t first = run * kSummedLogits;
  const std::span<const std::int16_t> logits =
      logits_.values.subspan(first, std::min(kSummedLogits, logits_.values.size() - first));
  std::array<std::uint32_t, kSummedLogits> exponentials;
  kernels_->exponentials(logits.data(), logits.size(), logits_.largest, exponentials.data());
  std::uint64_t sum = sums_[run];
  std::size_t place = 0;
  for (;; ++place) {
    sum += exponentials[place];
    if (count(first + place + 1, sum) > point) return static_cast<Symbol>(first + place);
  }
}

double TokenCounts::model_bits(Symbol token) const {
  const double below = logits_.largest - logits_.values[token];
  return std::log2(static_cast<double>(sums_.back())) - 30 + below / 256;
}

}  // namespace evalzip
