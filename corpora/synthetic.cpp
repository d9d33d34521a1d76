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

namespace {

std::vector<double> shares(const std::vector<std::uint64_t>& weights) {
  const auto total =
      static_cast<double>(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
  std::vector<double> all;
  for (const std::uint64_t weight : weights) all.push_back(static_cast<double>(weight) / total);
  return all;
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

HiddenMarkovSource::HiddenMarkovSource(const std::vector<State>& states)
    : alphabet_(states.front().emission.size()) {
  std::vector<std::uint64_t> start;
  for (const State& state : states) {
    start.push_back(state.start);
    next_.emplace_back(state.next);
    next_share_.push_back(shares(state.next));
    emission_.emplace_back(state.emission);
    emission_share_.push_back(shares(state.emission));
  }
  start_.emplace_back(start);
  start_share_ = shares(start);
  word_bits_ = entropy_of_words(start_share_, kWordLength);
  upper_rate_bits_ = word_bits_ - entropy_of_words(start_share_, kWordLength - 1);
  for (std::size_t state = 0; state < states.size(); ++state) {
    Forward known(states.size(), 0);
    known[state] = 1;
    lower_rate_bits_ += start_share_[state] * (entropy_of_words(known, kWordLength) -
                                               entropy_of_words(known, kWordLength - 1));
  }
}

HiddenMarkovSource::Forward HiddenMarkovSource::emitted(const Forward& before,
                                                        std::size_t symbol) const {
  Forward after(before);
  for (std::size_t state = 0; state < after.size(); ++state) {
    after[state] *= emission_share_[state][symbol];
  }
  return after;
}

HiddenMarkovSource::Forward HiddenMarkovSource::moved(const Forward& after) const {
  Forward before(after.size(), 0);
  for (std::size_t from = 0; from < after.size(); ++from) {
    for (std::size_t to = 0; to < before.size(); ++to) {
      before[to] += after[from] * next_share_[from][to];
    }
  }
  return before;
}

// Entropy of the first `length` symbols, times the sum of `start`.
double HiddenMarkovSource::entropy_of_words(const Forward& start, unsigned length) const {
  double bits = 0;
  for (std::size_t symbol = 0; symbol < alphabet_; ++symbol) {
    const Forward after = emitted(start, symbol);
    const double probability = sum(after);
    if (probability == 0) continue;
    bits += length == 1 ? -probability * std::log2(probability)
                        : entropy_of_words(moved(after), length - 1);
  }
  return bits;
}

std::vector<std::byte> HiddenMarkovSource::generate(std::uint64_t size, std::uint64_t seed) const {
  Random random(seed);
  std::vector<std::byte> bytes(size);
  std::size_t state = start_.front().draw(random);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(kFirstSymbol + emission_[state].draw(random));
    state = next_[state].draw(random);
  }
  return bytes;
}

double HiddenMarkovSource::entropy_bits(std::uint64_t size) const {
  if (size == 0) return 0;
  if (size <= kWordLength) return entropy_of_words(start_share_, static_cast<unsigned>(size));
  return word_bits_ +
         static_cast<double>(size - kWordLength) * (lower_rate_bits_ + upper_rate_bits_) / 2;
}

double HiddenMarkovSource::information_bits(std::span<const std::byte> bytes) const {
  double bits = 0;
  Forward before = start_share_;
  for (const std::byte byte : bytes) {
    Forward after = emitted(before, std::to_integer<std::size_t>(byte) - kFirstSymbol);
    const double probability = sum(after);
    bits -= std::log2(probability);
    for (double& share : after) share /= probability;
    before = moved(after);
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

HiddenMarkovSource bursty_source() {
  return HiddenMarkovSource({{.start = 2, .next = {7, 1}, .emission = {61, 1, 1, 1}},
                             {.start = 1, .next = {1, 3}, .emission = {1, 2, 4, 9}}});
}

IndependentSource uniform_source() { return IndependentSource(std::vector<std::uint64_t>(256, 1)); }

}  // namespace evalzip
