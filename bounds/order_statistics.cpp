#include "bounds/order_statistics.h"

#include <algorithm>
#include <array>

#include "bounds/byte_counts.h"
#include "bounds/counters.h"
#include "bounds/high_orders.h"

namespace evalzip {
namespace {

// Successor counts of a context from a row of counters; zeros are left out.
class Row {
 public:
  template <class Counter>
  std::span<const SymbolCount> of(const Counter* counters) {
    std::size_t size = 0;
    for (std::uint32_t symbol = 0; symbol < 256; ++symbol) {
      symbols_[size] = {symbol, counters[symbol]};
      size += counters[symbol] > 0 ? 1 : 0;
    }
    return std::span(symbols_).first(size);
  }

 private:
  std::array<SymbolCount, 257> symbols_;
};

OrderStatistics order_0(Bytes document) {
  const ByteCounts counts = byte_counts(document);
  ContextTally tally;
  Row row;
  if (!document.empty()) tally.add(row.of(counts.data()));
  return tally.statistics();
}

OrderStatistics order_1(const PairCounts& pairs) {
  ContextTally tally;
  Row row;
  for (std::size_t context = 0; context < 256; ++context) {
    const auto successors = row.of(&pairs[context << 8]);
    if (!successors.empty()) tally.add(successors);
  }
  return tally.statistics();
}

// 2^24 counters: most steps miss the caches, but none waits for the one before.
OrderStatistics order_2(Bytes document, const PairCounts& pairs) {
  Counters counters(std::size_t{1} << 24);
  std::uint32_t history = 0;
  for (const std::byte byte : document) {
    history = (history << 8 | static_cast<std::uint32_t>(byte)) & 0xffffff;
    ++counters[history];
  }
  ContextTally tally;
  Row row;
  for (std::size_t context = 0; context < std::size_t{1} << 16; ++context) {
    if (context > 0 && pairs[context] == 0) continue;  // 0 is also what lies before the document
    const auto successors = row.of(counters.from(context << 8));
    if (!successors.empty()) tally.add(successors);
  }
  return tally.statistics();
}

// The same for a document so short that clearing those counters would take longer than sorting.
OrderStatistics order_2_of_short(Bytes document) {
  std::vector<std::uint32_t> histories;
  std::uint32_t history = 0;
  for (const std::byte byte : document) {
    history = (history << 8 | static_cast<std::uint32_t>(byte)) & 0xffffff;
    histories.push_back(history);
  }
  std::ranges::sort(histories);
  ContextTally tally;
  std::vector<SymbolCount> successors;
  for (std::size_t i = 0; i < histories.size(); ++i) {
    const bool same_context = i > 0 && histories[i] >> 8 == histories[i - 1] >> 8;
    if (i > 0 && !same_context) {
      tally.add(successors);
      successors.clear();
    }
    if (same_context && histories[i] == histories[i - 1]) {
      ++successors.back().count;
    } else {
      successors.push_back({histories[i] & 0xff, 1});
    }
  }
  if (!successors.empty()) tally.add(successors);
  return tally.statistics();
}

}  // namespace

std::vector<OrderStatistics> order_statistics(Bytes document, const StatisticsSettings& settings) {
  std::vector<OrderStatistics> all{order_0(document)};
  if (settings.highest_order == 0) return all;
  const PairCounts pairs = count_pairs(document);
  all.push_back(order_1(pairs));
  const bool counters_suffice = settings.highest_order == 2 && document.size() >> 32 == 0;
  if (counters_suffice) {
    constexpr std::size_t kShort = 1 << 16;
    all.push_back(document.size() < kShort ? order_2_of_short(document) : order_2(document, pairs));
  } else if (settings.highest_order > 1) {
    const auto tallies = sorted_orders(document, pairs, settings.threads, settings.memory_bytes);
    for (unsigned order = 2; order <= settings.highest_order; ++order) {
      all.push_back(tallies[order - kLowestSortedOrder].statistics());
    }
  }
  return all;
}

unsigned first_meaningless_order(const std::vector<OrderStatistics>& statistics) {
  constexpr double kMostBiasShare = 0.01, kMostBitsPerSymbol = 0.001;
  const auto length = static_cast<double>(statistics[0].symbols);
  const auto alphabet = static_cast<double>(statistics[0].successors);
  double strings = 1;
  for (unsigned order = 0; order < statistics.size(); ++order, strings *= alphabet) {
    const OrderStatistics& s = statistics[order];
    const bool biased = s.corrected_bits - s.empirical_bits >
                        kMostBiasShare * s.empirical_bits + kMostBitsPerSymbol * length;
    if (strings > length || biased) return order;
  }
  return static_cast<unsigned>(statistics.size());
}

}  // namespace evalzip
