// Order-k statistics against a slow and obviously right count.
#include "bounds/order_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "bounds/high_orders.h"
#include "bounds/radix_sort.h"
#include "harness/split_mix.h"

namespace evalzip {
namespace {

Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// The textbook, with a map of strings.
class SlowStatistics {
 public:
  SlowStatistics(const std::string& text, unsigned order) {
    const std::string padded = std::string(order, '\0') + text;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::string context = padded.substr(i, order);
      kt_bits_ += kt_step(context, static_cast<unsigned char>(text[i]));
      ++counts_[context][text[i]];
    }
  }
  double empirical_bits() const {
    double bits = 0;
    for (const auto& [context, symbols] : counts_) {
      const double total = of(symbols);
      for (const auto& [symbol, count] : symbols) bits -= count * std::log2(count / total);
    }
    return bits;
  }
  double kt_bits() const { return kt_bits_; }
  std::size_t contexts() const { return counts_.size(); }
  std::size_t singletons() const {
    std::size_t number = 0;
    for (const auto& [context, symbols] : counts_) number += of(symbols) == 1 ? 1 : 0;
    return number;
  }
  std::size_t successors() const {
    std::size_t number = 0;
    for (const auto& [context, symbols] : counts_) number += symbols.size();
    return number;
  }

 private:
  static double of(const std::map<char, double>& symbols) {
    double total = 0;
    for (const auto& [symbol, count] : symbols) total += count;
    return total;
  }
  // The adaptive estimator, bit by bit: (ones + 1/2) / (zeros + ones + 1).
  double kt_step(const std::string& context, unsigned symbol) {
    double bits = 0;
    unsigned node = 1;
    for (int bit = 7; bit >= 0; --bit) {
      auto& [zeros, ones] = nodes_[{context, node}];
      const bool one = (symbol >> bit & 1) != 0;
      bits -= std::log2(((one ? ones : zeros) + 0.5) / (zeros + ones + 1));
      (one ? ones : zeros) += 1;
      node = node << 1 | (one ? 1 : 0);
    }
    return bits;
  }

  std::map<std::string, std::map<char, double>> counts_;
  std::map<std::pair<std::string, unsigned>, std::pair<double, double>> nodes_;
  double kt_bits_ = 0;
};

void expect_as_counted_slowly(const std::string& text, const StatisticsSettings& settings) {
  const auto all = order_statistics(bytes_of(text), settings);
  ASSERT_EQ(all.size(), settings.highest_order + 1);
  for (unsigned order = 0; order <= settings.highest_order; ++order) {
    SCOPED_TRACE("order " + std::to_string(order));
    const SlowStatistics slow(text, order);
    EXPECT_EQ(all[order].symbols, text.size());
    EXPECT_EQ(all[order].contexts, slow.contexts());
    EXPECT_EQ(all[order].singleton_contexts, slow.singletons());
    EXPECT_EQ(all[order].successors, slow.successors());
    EXPECT_NEAR(all[order].empirical_bits, slow.empirical_bits(),
                1e-6 * (1 + slow.empirical_bits()));
    EXPECT_NEAR(all[order].kt_bits, slow.kt_bits(), 1e-6 * (1 + slow.kt_bits()));
  }
}

std::string random_text(std::size_t size, unsigned alphabet, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    // Repeats now and then, so that high orders have contexts with several symbols.
    const bool repeat = i > 40 && random.below(3) != 0;
    text +=
        repeat ? text[i - 1 - random.below(2) * 7] : static_cast<char>(random.below(alphabet) * 37);
  }
  return text;
}

TEST(OrderStatistics, EqualASlowCountOnRandomTextsOfManyAlphabets) {
  for (const unsigned alphabet : {1u, 2u, 5u, 256u}) {
    SCOPED_TRACE("alphabet " + std::to_string(alphabet));
    expect_as_counted_slowly(random_text(3000, alphabet, 7), {});
  }
}

TEST(OrderStatistics, OfOrderTwoByCountersEqualThoseBySorting) {
  for (const std::size_t size :
       {3000u, 70000u}) {  // a short document is sorted, a long one counted
    expect_as_counted_slowly(random_text(size, 200, 3), {.highest_order = 2});
  }
}

TEST(OrderStatistics, EndWithTheLastByteWhateverItIs) {
  for (const std::string text : {"a", "ab", "aa", "abc", "abcabc"})
    expect_as_counted_slowly(text, {});
  for (const std::size_t zeros : {1u, 2u, 7u})
    expect_as_counted_slowly(std::string(zeros, '\0'), {});
}

TEST(OrderStatistics, OfNothingAreZero) {
  for (const OrderStatistics& s : order_statistics({}, {})) {
    EXPECT_EQ(s.symbols, 0u);
    EXPECT_EQ(s.contexts, 0u);
    EXPECT_EQ(s.empirical_bits, 0);
    EXPECT_EQ(s.corrected_bits, 0);
    EXPECT_EQ(s.kt_bits, 0);
  }
}

TEST(OrderStatistics, DependNeitherOnThreadsNorOnMemory) {
  // 300,000 keys where 65,536 fit: the document is read several times, and one bucket at least is
  // larger than the memory, so that it is counted in parts.
  std::string text = random_text(100000, 250, 11);
  text += std::string(200000, 'x');
  const auto whole = order_statistics(bytes_of(text), {});
  for (const unsigned threads : {1u, 2u, 3u}) {
    const auto parts = order_statistics(bytes_of(text), {.threads = threads, .memory_bytes = 1});
    for (unsigned order = 0; order <= kHighestOrder; ++order) {
      EXPECT_EQ(parts[order].contexts, whole[order].contexts);
      EXPECT_EQ(parts[order].successors, whole[order].successors);
      EXPECT_NEAR(parts[order].empirical_bits, whole[order].empirical_bits, 1e-3);
      EXPECT_NEAR(parts[order].kt_bits, whole[order].kt_bits, 1e-3);
    }
  }
}

TEST(OrderStatistics, TheCorrectionRemovesMostOfTheBiasOfAUniformSource) {
  SplitMix64 random(5);
  std::string text;
  for (int i = 0; i < 200000; ++i) text += static_cast<char>(random.below(64));
  const auto all = order_statistics(bytes_of(text), {.highest_order = 1});
  const double truth = 6.0 * static_cast<double>(text.size());
  EXPECT_LT(all[1].empirical_bits, truth - 2000);
  EXPECT_NEAR(all[1].corrected_bits, truth, 300);
}

unsigned first_meaningless_order_of(const std::string& text) {
  return first_meaningless_order(order_statistics(bytes_of(text), {}));
}

TEST(OrderStatistics, AreMeaninglessWhereMoreContextsArePossibleThanThereAreSymbols) {
  std::string text;  // 256^2 contexts of order 2, few of which occur
  for (int i = 0; i < 256 * 255; ++i) text += static_cast<char>(i);
  EXPECT_EQ(first_meaningless_order_of(text), 2u);
  for (int i = 0; i < 256; ++i) text += static_cast<char>(i);
  EXPECT_EQ(first_meaningless_order_of(text), 3u);
  EXPECT_EQ(first_meaningless_order_of(std::string(9, 'a')), 6u);
}

TEST(OrderStatistics, AreMeaninglessWhereContextsHaveTooFewSymbols) {
  SplitMix64 random(9);
  std::string text;
  for (int i = 0; i < 262144; ++i) text += static_cast<char>(random.below(256));
  EXPECT_EQ(first_meaningless_order_of(text), 1u);
  EXPECT_EQ(first_meaningless_order_of("abracadabra"), 0u);
}

TEST(RadixSort, SortsShortAndLongLists) {
  SplitMix64 random(2);
  for (const std::size_t size : {0u, 1u, 2u, 1023u, 1024u, 50000u}) {
    std::vector<std::uint32_t> keys(size), scratch(size);
    for (auto& key : keys) key = static_cast<std::uint32_t>(random.next());
    auto sorted = keys;
    std::sort(sorted.begin(), sorted.end());
    radix_sort(keys, scratch);
    EXPECT_EQ(keys, sorted);
  }
}

}  // namespace
}  // namespace evalzip
