// Seeded random sources whose entropy is known exactly: the measuring sticks for entropy coders.
//
// Every probability is a ratio of integers. Symbols are drawn by comparing integers, so a seed
// gives the same bytes on every machine; only the entropy itself, a sum of logarithms of those
// ratios, is a floating-point number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "corpora/random.h"

namespace evalzip {

// A distribution over 0 .. n-1 in proportion to integer weights, whose sum is below 2^63.
class WeightedChoice {
 public:
  explicit WeightedChoice(const std::vector<std::uint64_t>& weights);

  std::size_t draw(Random& random) const;
  double entropy_bits() const;                        // per draw
  double information_bits(std::size_t symbol) const;  // -log2 of its probability
  std::uint64_t total() const { return cumulative_.back(); }

 private:
  std::uint64_t weight(std::size_t symbol) const;
  std::vector<std::uint64_t> cumulative_;  // ends of the symbols' intervals
};

// What a stretch of a source's output is worth.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::vector<std::byte> generate(std::uint64_t size, std::uint64_t seed) const = 0;
  // Entropy in bits of the first `size` bytes: the mean of information_bits() over all outputs.
  virtual double entropy_bits(std::uint64_t size) const = 0;
  // -log2 of the probability of just these bytes. They must be an output of the source.
  virtual double information_bits(std::span<const std::byte> bytes) const = 0;
};

// Independent, identically distributed bytes: byte i has weights[i].
class IndependentSource : public Source {
 public:
  explicit IndependentSource(const std::vector<std::uint64_t>& weights) : choice_(weights) {}
  std::vector<std::byte> generate(std::uint64_t size, std::uint64_t seed) const override;
  double entropy_bits(std::uint64_t size) const override;
  double information_bits(std::span<const std::byte> bytes) const override;

 private:
  WeightedChoice choice_;
};

// A stationary Markov chain: each symbol depends on the `order` symbols before it.
//
// It is given by a weight for every tuple of order+1 symbols that does not change when the tuple is
// rotated. Summed over the last symbol or over the first, such weights give the same function of
// the remaining `order` symbols (rotate to see it), which is therefore, divided by the sum of all
// weights, the stationary distribution of contexts, exactly. For order 1 this is the random walk on
// a weighted graph (T. Cover, J. Thomas, Elements of Information Theory, 2nd ed. 2006,
// section 4.3). The entropy of n >= order symbols, started in that distribution, is
//   H(context) + (n - order) (H(tuple) - H(context)).
class MarkovSource : public Source {
 public:
  // Weights are powers of 8 from 1 to 8^6, drawn with `structure_seed`, one per rotation class.
  // Symbol i is the byte '0' + i. alphabet^(order+1) <= 2^16.
  MarkovSource(unsigned order, unsigned alphabet, std::uint64_t structure_seed);
  std::vector<std::byte> generate(std::uint64_t size, std::uint64_t seed) const override;
  double entropy_bits(std::uint64_t size) const override;
  double information_bits(std::span<const std::byte> bytes) const override;
  double entropy_rate_bits() const { return tuple_entropy_bits_ - context_entropy_bits_; }

 private:
  std::size_t rotated(std::size_t tuple) const;
  unsigned order_, alphabet_;
  std::size_t contexts_;               // alphabet^order
  std::vector<WeightedChoice> next_;   // by context
  std::vector<WeightedChoice> start_;  // one: the stationary distribution of contexts
  double tuple_entropy_bits_ = 0, context_entropy_bits_ = 0;
};

// A Markov chain of states that cannot be seen: in each state it emits a symbol by that state's own
// distribution. Its output is of no finite order. The entropy has no closed form; H(X_m | X_1 ...
// X_m-1) lies above the rate and the same given the first state, too, below it (Birch, 1962), and
// both converge exponentially: here the words of kWordLength symbols are enumerated.
class HiddenMarkovSource : public Source {
 public:
  struct State {
    std::uint64_t start;                  // weight in the stationary distribution
    std::vector<std::uint64_t> next;      // weights of the states after it
    std::vector<std::uint64_t> emission;  // weights of the symbols; symbol i is the byte '0' + i
  };
  // Precondition: the start weights are stationary under the next ones.
  explicit HiddenMarkovSource(const std::vector<State>& states);
  std::vector<std::byte> generate(std::uint64_t size, std::uint64_t seed) const override;
  double entropy_bits(std::uint64_t size) const override;
  double information_bits(std::span<const std::byte> bytes) const override;
  // The two bounds of the entropy rate.
  double lower_rate_bits() const { return lower_rate_bits_; }
  double upper_rate_bits() const { return upper_rate_bits_; }

 private:
  static constexpr unsigned kWordLength = 8;
  using Forward = std::vector<double>;  // probability of the symbols so far and of each state now

  Forward emitted(const Forward& before, std::size_t symbol) const;
  Forward moved(const Forward& after) const;
  double entropy_of_words(const Forward& start, unsigned length) const;

  std::size_t alphabet_;
  std::vector<WeightedChoice> start_, next_, emission_;  // start_: one
  std::vector<double> start_share_;
  std::vector<std::vector<double>> next_share_, emission_share_;
  double word_bits_ = 0, lower_rate_bits_ = 0, upper_rate_bits_ = 0;
};

// A block of uniformly random bytes, repeated: all its entropy lies in the first period.
class PeriodicSource : public Source {
 public:
  explicit PeriodicSource(std::uint64_t period) : period_(period) {}
  std::vector<std::byte> generate(std::uint64_t size, std::uint64_t seed) const override;
  double entropy_bits(std::uint64_t size) const override;
  double information_bits(std::span<const std::byte> bytes) const override;

 private:
  std::uint64_t period_;
};

// Byte r, for r = 0 .. 255, in proportion to 1/(r+1) (Zipf's law, exponent 1).
IndependentSource zipf_source();
// Four letters, one of them in 15 of 16 cases: worth far less than one bit a symbol, where codes of
// whole bits (Huffman) lose most.
IndependentSource skewed_source();
IndependentSource uniform_source();
// Two states, one of them nearly silent: bursts of errors on a line (Gilbert, 1960).
HiddenMarkovSource bursty_source();

}  // namespace evalzip
