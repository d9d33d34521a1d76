#include "codecs/llm/merge_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace evalzip {
namespace {

using testing::ElementsAre;

TEST(MergeTable, FindsWhatWasPutInAndNothingElse) {
  std::vector<Merge> merges;
  for (Symbol left = 0; left < 40; ++left) {
    for (Symbol right = 0; right < 40; right += 3) merges.push_back({left, right, left, right});
  }
  const MergeTable table(merges);
  for (Symbol left = 0; left < 50; ++left) {
    for (Symbol right = 0; right < 50; ++right) {
      const Merge* found = table.find(left, right);
      ASSERT_EQ(found != nullptr, left < 40 && right < 40 && right % 3 == 0);
      if (found != nullptr) {
        EXPECT_EQ(found->rank, left);
      }
    }
  }
  EXPECT_EQ(MergeTable({}).find(0, 0), nullptr);
}

TEST(MergeTable, FirstMergeOfAPairCounts) {
  const std::vector<Merge> merges = {{1, 2, 5, 7}, {1, 2, 0, 8}};
  EXPECT_EQ(MergeTable(merges).find(1, 2)->result, 7u);
}

TEST(MergeSymbols, LowestRankThenLeftmostIsJoinedFirst) {
  // 0 0 -> 1 before 0 2 -> 3; of three zeros the first two are joined.
  const std::vector<Merge> merges = {{0, 0, 0, 1}, {0, 2, 1, 3}};
  const MergeTable table(merges);
  std::vector<Symbol> symbols = {0, 0, 0, 2};
  merge_symbols(table, symbols);
  EXPECT_THAT(symbols, ElementsAre(1, 3));
}

TEST(MergeSymbols, NothingAndOneSymbolStay) {
  const MergeTable table({});
  std::vector<Symbol> symbols;
  merge_by_heap(table, symbols);
  merge_by_scanning(table, symbols);
  EXPECT_TRUE(symbols.empty());
  symbols = {4};
  merge_by_heap(table, symbols);
  merge_by_scanning(table, symbols);
  EXPECT_THAT(symbols, ElementsAre(4));
}

TEST(MergeSymbols, ScanningAndTheHeapAgree) {
  constexpr unsigned kSeed = 4;
  std::mt19937 engine(kSeed);
  const auto below = [&](unsigned end) { return static_cast<unsigned>(engine() % end); };
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round);
    std::vector<Merge> merges;
    const unsigned alphabet = 2 + below(5);
    for (unsigned i = 0; i < 30; ++i) {
      // Equal ranks, results below their parts and circles of merges are all allowed.
      merges.push_back(
          {below(alphabet + 10), below(alphabet + 10), below(12), below(alphabet + 10)});
    }
    const MergeTable table(merges);
    std::vector<Symbol> scanned(below(300)), heaped;
    for (Symbol& symbol : scanned) symbol = below(alphabet);
    heaped = scanned;
    merge_by_scanning(table, scanned);
    merge_by_heap(table, heaped);
    ASSERT_EQ(scanned, heaped);
  }
}

TEST(MergeSymbols, AMillionEqualSymbolsAreHalvedUntilOneIsLeft) {
  std::vector<Merge> merges;
  for (Symbol level = 0; level < 20; ++level) merges.push_back({level, level, level, level + 1});
  const MergeTable table(merges);
  std::vector<Symbol> symbols(std::size_t{1} << 20, 0);
  merge_symbols(table, symbols);
  EXPECT_THAT(symbols, ElementsAre(20));
}

}  // namespace
}  // namespace evalzip
