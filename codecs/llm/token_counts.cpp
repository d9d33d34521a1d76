#include "codecs/llm/token_counts.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "codecs/llm/lanes.h"

namespace evalzip {
namespace {

constexpr std::size_t kBlock = 256;  // tokens whose sum is kept

}  // namespace

void TokenCounts::assign(std::span<std::int16_t> logits, std::size_t vocabulary,
                         const RowKernels& kernels) {
  clear_padding(logits, vocabulary);
  kernels_ = &kernels;
  logits_ = logits;
  vocabulary_ = vocabulary;
  exponentials_.resize(logits.size());
  of_all_ = exponentiate(logits, vocabulary, kernels, exponentials_.data());
  shift_ = of_all_.shift();
  block_sums_.resize((logits.size() + kBlock - 1) / kBlock);
  total_ = 0;
  for (std::size_t block = 0; block < block_sums_.size(); ++block) {
    block_sums_[block] = sum(block * kBlock, block_size(block));
    total_ += block_sums_[block];
  }
  const auto padding = static_cast<std::uint32_t>(logits.size() - vocabulary);
  block_sums_.back() -= padding;
  total_ -= padding;
}

std::size_t TokenCounts::block_size(std::size_t block) const {
  return std::min(kBlock, exponentials_.size() - block * kBlock);
}

std::uint32_t TokenCounts::sum(std::size_t first, std::size_t count) const {
  return static_cast<std::uint32_t>(count) +
         kernels_->sum_shifted(exponentials_.data() + first, count, shift_);
}

Interval TokenCounts::interval(Symbol token) const {
  assert(token < vocabulary_);
  const std::size_t block = token / kBlock, whole = token / lanes::kCount * lanes::kCount;
  std::uint32_t low = sum(block * kBlock, whole - block * kBlock);
  for (std::size_t b = 0; b < block; ++b) low += block_sums_[b];
  for (std::size_t t = whole; t < token; ++t) low += width(t);
  return {.low = low, .width = width(token)};
}

Symbol TokenCounts::find(std::uint32_t point) const {
  std::size_t block = 0;
  for (; point >= block_sums_[block]; ++block) point -= block_sums_[block];
  std::size_t token = block * kBlock;
  for (; point >= width(token); ++token) point -= width(token);
  return static_cast<Symbol>(token);
}

double TokenCounts::model_bits(Symbol token) const {
  const double below = of_all_.largest - logits_[token];
  return std::log2(static_cast<double>(of_all_.sum)) - 30 + below / 256;
}

}  // namespace evalzip
