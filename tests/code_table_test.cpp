#include "codecs/code_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <string>

#include "codecs/code_tree.h"
#include "codecs/huffman_lengths.h"

namespace evalzip {
namespace {

constexpr CodeKind kKinds[] = {CodeKind::huffman, CodeKind::rans, CodeKind::arithmetic};

ByteHistogram counts_of(std::initializer_list<std::pair<std::uint8_t, std::uint32_t>> pairs) {
  ByteHistogram counts{};
  for (const auto& [symbol, count] : pairs) counts[symbol] = count;
  return counts;
}

// Histograms of many shapes: steep, flat, full, sparse.
std::vector<ByteHistogram> histograms() {
  std::mt19937 random(41);
  std::vector<ByteHistogram> all;
  for (int shape = 0; shape < 40; ++shape) {
    ByteHistogram counts{};
    for (std::uint32_t& count : counts) {
      if (random() % 40 < static_cast<unsigned>(shape)) {
        count = static_cast<std::uint32_t>(1 + random() % (1u << shape % 20));
      }
    }
    counts[0] = counts[255] = 1;
    all.push_back(counts);
  }
  return all;
}

TEST(CodeTable, AFileWithoutBytesHasNoSymbolsAndNoEntropy) {
  for (const CodeKind kind : kKinds) {
    const CodeTable table = code_table(kind, {});
    EXPECT_TRUE(table.symbols.empty());
    EXPECT_EQ(table.size, 0u);
    EXPECT_EQ(table.entropy_bits, 0);
    EXPECT_EQ(table.expected_bits, 0);
    EXPECT_TRUE(code_tree(table).nodes.empty());
  }
}

TEST(CodeTable, OneSymbolNeedsNoBits) {
  for (const CodeKind kind : kKinds) {
    const CodeTable table = code_table(kind, counts_of({{200, 17}}));
    ASSERT_EQ(table.symbols.size(), 1u);
    EXPECT_EQ(table.symbols[0].symbol, 200);
    EXPECT_EQ(table.symbols[0].probability, 1);
    EXPECT_EQ(table.symbols[0].information_bits, 0);
    EXPECT_EQ(table.expected_bits, 0);
    EXPECT_TRUE(code_tree(table).nodes.empty());
  }
}

// Huffman's own kind of example, worked by hand: 5 2 1 1 of 9.
TEST(CodeTable, HuffmanWordsOfASmallAlphabetAreThoseOfTheTextbook) {
  const CodeTable table =
      code_table(CodeKind::huffman, counts_of({{'a', 5}, {'b', 2}, {'c', 1}, {'d', 1}}));
  ASSERT_EQ(table.symbols.size(), 4u);
  const struct {
    char symbol;
    double length;
    std::uint32_t word;
  } expected[] = {{'a', 1, 0b0}, {'b', 2, 0b10}, {'c', 3, 0b110}, {'d', 3, 0b111}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(table.symbols[i].symbol, expected[i].symbol);
    EXPECT_EQ(table.symbols[i].length_bits, expected[i].length);
    EXPECT_EQ(table.symbols[i].word, expected[i].word);
  }
  EXPECT_NEAR(table.expected_bits, (5 * 1 + 2 * 2 + 1 * 3 + 1 * 3) / 9.0, 1e-12);
  EXPECT_NEAR(table.symbols[1].information_bits, std::log2(4.5), 1e-12);
}

TEST(CodeTable, NoCodeIsShorterThanTheEntropyAndHuffmanIsWithinABitOfIt) {
  for (const ByteHistogram& counts : histograms()) {
    for (const CodeKind kind : kKinds) {
      const CodeTable table = code_table(kind, counts);
      EXPECT_GE(table.redundancy_bits(), -1e-9) << to_string(kind);
      EXPECT_LT(table.redundancy_bits(), 1) << to_string(kind);
    }
  }
}

TEST(CodeTable, HuffmanWordsArePrefixFreeAndFillTheCodeSpace) {
  for (const ByteHistogram& counts : histograms()) {
    const CodeTable table = code_table(CodeKind::huffman, counts);
    double kraft = 0;
    std::set<std::pair<std::uint32_t, std::uint32_t>> intervals;
    for (const CodedSymbol& coded : table.symbols) {
      kraft += std::exp2(-coded.length_bits);
      const auto spare = 16 - static_cast<unsigned>(coded.length_bits);
      intervals.insert({coded.word << spare, (coded.word + 1) << spare});
    }
    EXPECT_EQ(kraft, 1);
    std::uint32_t end = 0;
    for (const auto& [low, high] : intervals) {
      EXPECT_EQ(low, end);
      end = high;
    }
  }
}

TEST(CodeTable, IntervalsTileTheTotalAndCostWhatTheirWidthSays) {
  for (const ByteHistogram& counts : histograms()) {
    for (const CodeKind kind : {CodeKind::rans, CodeKind::arithmetic}) {
      const CodeTable table = code_table(kind, counts);
      std::set<std::pair<std::uint32_t, std::uint32_t>> intervals;
      for (const CodedSymbol& coded : table.symbols) {
        EXPECT_NEAR(coded.length_bits, table.total_bits - std::log2(double{1} * coded.width), 1e-9);
        intervals.insert({coded.low, coded.low + coded.width});
      }
      std::uint32_t end = 0;
      for (const auto& [low, high] : intervals) {
        EXPECT_EQ(low, end) << to_string(kind);
        end = high;
      }
      EXPECT_EQ(end, 1u << table.total_bits) << to_string(kind);
    }
  }
}

TEST(CodeTable, TheMostFrequentSymbolComesFirst) {
  const CodeTable table = code_table(CodeKind::rans, counts_of({{1, 3}, {2, 9}, {3, 3}, {4, 1}}));
  std::string order;
  for (const CodedSymbol& coded : table.symbols) order += std::to_string(coded.symbol);
  EXPECT_EQ(order, "2134");
}

TEST(CodeTree, EveryLeafLiesWhereItsWordLeads) {
  for (const ByteHistogram& counts : histograms()) {
    const CodeTable table = code_table(CodeKind::huffman, counts);
    const CodeTree tree = code_tree(table);
    ASSERT_EQ(tree.nodes.size(), 2 * table.symbols.size() - 1);
    EXPECT_EQ(tree.leaves(), table.symbols.size());
    EXPECT_EQ(tree.nodes[0].count, table.size);
    for (const CodedSymbol& coded : table.symbols) {
      std::size_t node = 0;
      for (auto later = static_cast<unsigned>(coded.length_bits); later-- > 0;) {
        const bool bit = (coded.word >> later & 1u) != 0;
        node = bit ? tree.nodes[node].one.value() : tree.nodes[node].zero.value();
      }
      EXPECT_EQ(tree.nodes[node].symbol, coded.symbol);
      EXPECT_EQ(tree.nodes[node].count, coded.count);
      EXPECT_EQ(tree.nodes[node].depth, coded.length_bits);
    }
  }
}

TEST(CodeTree, NoTwoLeavesStandInOnePlaceAndParentsStandBetweenTheirChildren) {
  for (const ByteHistogram& counts : histograms()) {
    const CodeTree tree = code_tree(code_table(CodeKind::huffman, counts));
    std::set<double> places;
    for (const CodeTree::Node& node : tree.nodes) {
      if (node.symbol) {
        EXPECT_TRUE(places.insert(node.place).second);
      } else {
        EXPECT_LT(tree.nodes[*node.zero].place, node.place);
        EXPECT_LT(node.place, tree.nodes[*node.one].place);
      }
    }
    EXPECT_EQ(*places.rbegin(), static_cast<double>(tree.leaves() - 1));
  }
}

}  // namespace
}  // namespace evalzip
