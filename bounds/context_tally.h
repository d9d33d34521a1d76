// What the symbol counts of contexts add up to: entropies and code lengths.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace evalzip {

struct SymbolCount {
  std::uint32_t symbol;
  std::uint64_t count;  // > 0
};

// Sums over the contexts of one order. All lengths are of the whole document, in bits.
struct OrderStatistics {
  std::uint64_t symbols = 0;             // in the document
  std::uint64_t contexts = 0;            // that occur
  std::uint64_t singleton_contexts = 0;  // that occur once
  std::uint64_t successors = 0;          // distinct pairs of a context and the symbol after it

  // Empirical conditional entropy: what the symbols cost if their counts in each context were known
  // to the decoder at no cost. Biased low, the more the fewer symbols a context has.
  double empirical_bits = 0;
  // The same with the bias correction of Miller (1955) and Madow: (successors - contexts) / 2 nats.
  double corrected_bits = 0;
  // Code length of the adaptive estimator of Krichevsky and Trofimov (1981) on the binary decisions
  // of each byte: an honest twin, because a decoder can follow it.
  double kt_bits = 0;
};

// Adds up contexts one by one, in any order, as counts of byte symbols. Not thread-safe; tallies
// of parts are joined by add(). Sums are in double precision, so another order of the contexts may
// change the last digits.
class ContextTally {
 public:
  ContextTally();

  // The symbols after one context: ascending symbols < 256.
  void add(std::span<const SymbolCount> successors);
  void add(const ContextTally& other);

  OrderStatistics statistics() const;

 private:
  double kt_bits(std::span<const SymbolCount> successors, unsigned bit) const;
  double log_of_count(std::uint64_t count) const;  // count * log2(count)
  double log_half_product(std::uint64_t count) const;
  double log_factorial(std::uint64_t count) const;

  OrderStatistics sums_;
  // Logarithms of small counts, which are most.
  std::vector<double> count_logs_, half_products_, factorials_;
};

}  // namespace evalzip
