#include "bounds/context_tally.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace evalzip {
namespace {

constexpr std::size_t kTabulated = 1 << 12;
constexpr double kLogPi = 1.6514961294723187;  // log2(pi)

double log2_gamma(double x) { return std::lgamma(x) * std::numbers::log2e; }

}  // namespace

ContextTally::ContextTally() : count_logs_(1, 0), half_products_(1, 0), factorials_(1, 0) {
  for (std::size_t n = 1; n < kTabulated; ++n) {
    const auto x = static_cast<double>(n);
    count_logs_.push_back(x * std::log2(x));
    half_products_.push_back(half_products_.back() + std::log2(x - 0.5));
    factorials_.push_back(factorials_.back() + std::log2(x));
  }
}

double ContextTally::log_of_count(std::uint64_t count) const {
  if (count < kTabulated) return count_logs_[count];
  return static_cast<double>(count) * std::log2(static_cast<double>(count));
}

// log2(1/2 * 3/2 * ... * (count - 1/2)) = log2(gamma(count + 1/2) / sqrt(pi)).
double ContextTally::log_half_product(std::uint64_t count) const {
  if (count < kTabulated) return half_products_[count];
  return log2_gamma(static_cast<double>(count) + 0.5) - kLogPi / 2;
}

double ContextTally::log_factorial(std::uint64_t count) const {
  if (count < kTabulated) return factorials_[count];
  return log2_gamma(static_cast<double>(count) + 1);
}

// The estimator's code length depends on how often each branch was taken, not on the order: a node
// with a zeros and b ones costs log2((a + b)!) - log2 of both half products.
double ContextTally::kt_bits(std::span<const SymbolCount> successors, unsigned bit) const {
  if (successors.size() == 1) {
    const std::uint64_t n = successors[0].count;
    return (bit + 1) * (log_factorial(n) - log_half_product(n));
  }
  const auto ones = std::ranges::find_if(
      successors, [bit](const SymbolCount& s) { return (s.symbol >> bit & 1) != 0; });
  const auto split = static_cast<std::size_t>(ones - successors.begin());
  const auto zeros = successors.first(split), rest = successors.subspan(split);
  std::uint64_t a = 0, b = 0;
  for (const SymbolCount& s : zeros) a += s.count;
  for (const SymbolCount& s : rest) b += s.count;
  double bits = log_factorial(a + b) - log_half_product(a) - log_half_product(b);
  if (bit == 0) return bits;
  if (!zeros.empty()) bits += kt_bits(zeros, bit - 1);
  if (!rest.empty()) bits += kt_bits(rest, bit - 1);
  return bits;
}

void ContextTally::add(std::span<const SymbolCount> successors) {
  std::uint64_t total = 0;
  double spent = 0;
  for (const SymbolCount& successor : successors) {
    total += successor.count;
    spent += log_of_count(successor.count);
  }
  sums_.symbols += total;
  ++sums_.contexts;
  sums_.singleton_contexts += total == 1 ? 1 : 0;
  sums_.successors += successors.size();
  if (successors.size() > 1) sums_.empirical_bits += log_of_count(total) - spent;
  sums_.kt_bits += kt_bits(successors, 7);
}

void ContextTally::add(const ContextTally& other) {
  sums_.symbols += other.sums_.symbols;
  sums_.contexts += other.sums_.contexts;
  sums_.singleton_contexts += other.sums_.singleton_contexts;
  sums_.successors += other.sums_.successors;
  sums_.empirical_bits += other.sums_.empirical_bits;
  sums_.kt_bits += other.sums_.kt_bits;
}

OrderStatistics ContextTally::statistics() const {
  OrderStatistics statistics = sums_;
  const auto free = static_cast<double>(sums_.successors - sums_.contexts);
  statistics.corrected_bits = sums_.empirical_bits + free / 2 * std::numbers::log2e;
  return statistics;
}

}  // namespace evalzip
