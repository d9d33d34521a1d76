#include "corpora/synthetic.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace evalzip {
namespace {

constexpr unsigned kFirstSymbol = '0';

// H = log2 T - (1/T) sum of w log2 w, for weights w of sum T.
double entropy_of(const std::vector<std::uint64_t>& weights) {
  double total = 0, sum = 0;
  for (const std::uint64_t weight : weights) {
    const auto w = static_cast<double>(weight);
    total += w;
    if (weight > 0) sum += w * std::log2(w);
  }
  return std::log2(total) - sum / total;
}

}  // namespace

WeightedChoice::WeightedChoice(const std::vector<std::uint64_t>& weights)
    : cumulative_(weights.size()) {
  std::partial_sum(weights.begin(), weights.end(), cumulative_.begin());
  assert(total() > 0);
}

std::size_t WeightedChoice::draw(Random& random) const {
  const std::uint64_t point = random.below(total());
  const auto end = std::upper_bound(cumulative_.begin(), cumulative_.end(), point);
  return static_cast<std::size_t>(end - cumulative_.begin());
}

std::uint64_t WeightedChoice::weight(std::size_t symbol) const {
  return cumulative_[symbol] - (symbol == 0 ? 0 : cumulative_[symbol - 1]);
}

double WeightedChoice::entropy_bits() const {
  std::vector<std::uint64_t> weights(cumulative_.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = weight(i);
  return entropy_of(weights);
}

double WeightedChoice::information_bits(std::size_t symbol) const {
  return std::log2(static_cast<double>(total())) - std::log2(static_cast<double>(weight(symbol)));
}

std::vector<std::byte> IndependentSource::generate(std::uint64_t size, std::uint64_t seed) const {
  Random random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(choice_.draw(random));
  return bytes;
}

double IndependentSource::entropy_bits(std::uint64_t size) const {
  return static_cast<double>(size) * choice_.entropy_bits();
}

double IndependentSource::information_bits(std::span<const std::byte> bytes) const {
  double bits = 0;
  for (const std::byte byte : bytes)
    bits += choice_.information_bits(std::to_integer<std::size_t>(byte));
  return bits;
}

MarkovSource::MarkovSource(unsigned order, unsigned alphabet, std::uint64_t structure_seed)
    : order_(order), alphabet_(alphabet), contexts_(1) {
  for (unsigned i = 0; i < order; ++i) contexts_ *= alphabet;
  Random random(structure_seed);
  std::vector<std::uint64_t> weights(contexts_ * alphabet, 0);
  for (std::size_t tuple = 0; tuple < weights.size(); ++tuple) {
    if (weights[tuple] != 0) continue;
    const std::uint64_t weight = std::uint64_t{1} << (3 * random.below(7));
    for (std::size_t turn = tuple; weights[turn] == 0; turn = rotated(turn)) weights[turn] = weight;
  }
  std::vector<std::uint64_t> context_weights;
  for (std::size_t context = 0; context < contexts_; ++context) {
    const auto row = weights.begin() + static_cast<std::ptrdiff_t>(context * alphabet);
    next_.emplace_back(std::vector<std::uint64_t>(row, row + alphabet));
    context_weights.push_back(next_.back().total());
  }
  start_.emplace_back(context_weights);
  tuple_entropy_bits_ = entropy_of(weights);
  context_entropy_bits_ = entropy_of(context_weights);
}

// (a, b, ..., z) becomes (b, ..., z, a).
std::size_t MarkovSource::rotated(std::size_t tuple) const {
  return tuple % contexts_ * alphabet_ + tuple / contexts_;
}

std::vector<std::byte> MarkovSource::generate(std::uint64_t size, std::uint64_t seed) const {
  Random random(seed);
  std::vector<std::byte> bytes;
  bytes.reserve(size + order_);
  std::size_t context = start_.front().draw(random);
  for (std::size_t place = contexts_ / alphabet_; place > 0; place /= alphabet_) {
    bytes.push_back(static_cast<std::byte>(kFirstSymbol + context / place % alphabet_));
  }
  while (bytes.size() < size) {
    const std::size_t symbol = next_[context].draw(random);
    bytes.push_back(static_cast<std::byte>(kFirstSymbol + symbol));
    context = (context * alphabet_ + symbol) % contexts_;
  }
  bytes.resize(size);
  return bytes;
}

double MarkovSource::entropy_bits(std::uint64_t size) const {
  assert(size >= order_);
  return context_entropy_bits_ + static_cast<double>(size - order_) * entropy_rate_bits();
}

double MarkovSource::information_bits(std::span<const std::byte> bytes) const {
  assert(bytes.size() >= order_);
  const auto symbol_at = [&](std::size_t i) {
    return std::to_integer<std::size_t>(bytes[i]) - kFirstSymbol;
  };
  std::size_t context = 0;
  for (std::size_t i = 0; i < order_; ++i) context = context * alphabet_ + symbol_at(i);
  double bits = start_.front().information_bits(context);
  for (std::size_t i = order_; i < bytes.size(); ++i) {
    bits += next_[context].information_bits(symbol_at(i));
    context = (context * alphabet_ + symbol_at(i)) % contexts_;
  }
  return bits;
}

std::vector<std::byte> PeriodicSource::generate(std::uint64_t size, std::uint64_t seed) const {
  Random random(seed);
  std::vector<std::byte> bytes(size);
  for (std::uint64_t i = 0; i < size; ++i) {
    bytes[i] = i < period_ ? static_cast<std::byte>(random.below(256)) : bytes[i - period_];
  }
  return bytes;
}

double PeriodicSource::entropy_bits(std::uint64_t size) const {
  return 8.0 * static_cast<double>(std::min(size, period_));
}

double PeriodicSource::information_bits(std::span<const std::byte> bytes) const {
  return entropy_bits(bytes.size());
}

IndependentSource zipf_source() {
  std::vector<std::uint64_t> weights;
  for (std::uint64_t rank = 1; rank <= 256; ++rank) {
    weights.push_back((std::uint64_t{1} << 40) / rank);
  }
  return IndependentSource(weights);
}

IndependentSource skewed_source() {
  std::vector<std::uint64_t> weights(256, 0);
  weights['a'] = 240;
  weights['b'] = 11;
  weights['c'] = 4;
  weights['d'] = 1;
  return IndependentSource(weights);
}

IndependentSource uniform_source() { return IndependentSource(std::vector<std::uint64_t>(256, 1)); }

}  // namespace evalzip
