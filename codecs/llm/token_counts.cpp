#include "codecs/llm/token_counts.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "codecs/llm/lanes.h"

namespace evalzip {
namespace {

constexpr int kSumBits = 31;
constexpr std::size_t kBlock = 256;  // tokens that find() skips at once

}  // namespace

void TokenCounts::assign(std::span<std::int16_t> logits, std::size_t vocabulary,
                         const RowKernels& kernels) {
  assert(logits.size() == lanes::round_up(vocabulary));
  std::fill(logits.begin() + static_cast<std::ptrdiff_t>(vocabulary), logits.end(), INT16_MIN);
  kernels_ = &kernels;
  logits_ = logits;
  vocabulary_ = vocabulary;
  exponentials_.resize(logits.size());
  largest_ = kernels.largest_logit(logits.data(), logits.size());
  sum_of_exponentials_ =
      kernels.exponentials(logits.data(), vocabulary, largest_, exponentials_.data());
  shift_ = static_cast<unsigned>(
      std::max(static_cast<int>(std::bit_width(sum_of_exponentials_)) - kSumBits, 0));
  total_ =
      sum(0, exponentials_.size()) - static_cast<std::uint32_t>(exponentials_.size() - vocabulary);
}

std::uint32_t TokenCounts::sum(std::size_t first, std::size_t count) const {
  return static_cast<std::uint32_t>(
      count + kernels_->sum_shifted(exponentials_.data() + first, count, shift_));
}

Interval TokenCounts::interval(Symbol token) const {
  assert(token < vocabulary_);
  const std::size_t whole = token / lanes::kCount * lanes::kCount;
  std::uint32_t low = sum(0, whole);
  for (std::size_t t = whole; t < token; ++t) low += width(t);
  return {.low = low, .width = width(token)};
}

Symbol TokenCounts::find(std::uint32_t point) const {
  std::size_t token = 0;
  for (; token + kBlock < exponentials_.size(); token += kBlock) {
    const std::uint32_t block = sum(token, kBlock);
    if (point < block) break;
    point -= block;
  }
  for (; point >= width(token); ++token) point -= width(token);
  return static_cast<Symbol>(token);
}

double TokenCounts::model_bits(Symbol token) const {
  const double below = largest_ - logits_[token];
  return std::log2(static_cast<double>(sum_of_exponentials_)) - 30 + below / 256;
}

}  // namespace evalzip
