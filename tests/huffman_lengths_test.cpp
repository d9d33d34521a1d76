#include "codecs/huffman_lengths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "codecs/huffman_code.h"

namespace evalzip {
namespace {

using Counts = std::vector<std::uint32_t>;

ByteHistogram histogram(const Counts& counts) {
  ByteHistogram all{};
  std::ranges::copy(counts, all.begin());
  return all;
}

// Of any magnitude up to 2^23, so that 256 of them fit in 32 bits.
std::uint32_t random_count(std::mt19937& random) {
  return static_cast<std::uint32_t>(1 + (random() >> (9 + random() % 23)));
}

std::uint64_t cost(const ByteHistogram& counts, const CodeLengths& lengths) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) bits += std::uint64_t{counts[i]} * lengths[i];
  return bits;
}

// In units of 2^-16.
std::uint64_t kraft_sum(const CodeLengths& lengths) {
  std::uint64_t sum = 0;
  for (const std::uint8_t length : lengths) sum += length == 0 ? 0 : 65536u >> length;
  return sum;
}

// The best cost over all length assignments that fit in `room` of the code space (2^-longest each).
std::uint64_t least_cost(const Counts& counts, std::size_t at, unsigned longest, unsigned room) {
  if (at == counts.size()) return 0;
  std::uint64_t best = std::numeric_limits<std::uint64_t>::max() / 2;
  for (unsigned length = 1; length <= longest; ++length) {
    const unsigned need = 1u << (longest - length);
    if (need > room) continue;
    best = std::min(best, std::uint64_t{counts[at]} * length +
                              least_cost(counts, at + 1, longest, room - need));
  }
  return best;
}

TEST(HuffmanLengths, AreAsGoodAsTheBestOfAllAssignments) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 400; ++trial) {
    const unsigned longest = 3 + static_cast<unsigned>(trial) % 3;
    Counts counts(2 + random() % 5);
    for (auto& count : counts) count = random_count(random);
    const ByteHistogram all = histogram(counts);
    const CodeLengths lengths = optimal_code_lengths(all, longest);
    EXPECT_LE(*std::ranges::max_element(lengths), longest);
    EXPECT_EQ(cost(all, lengths), least_cost(counts, 0, longest, 1u << longest)) << trial;
  }
}

TEST(HuffmanLengths, FillTheCodeSpaceExactly) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 2000; ++trial) {
    Counts counts(2 + random() % 255);
    for (auto& count : counts) count = random_count(random);
    const unsigned longest = 8 + static_cast<unsigned>(random() % 9);
    const CodeLengths lengths = optimal_code_lengths(histogram(counts), longest);
    EXPECT_EQ(kraft_sum(lengths), 65536u);
    EXPECT_LE(*std::ranges::max_element(lengths), longest);
  }
}

TEST(HuffmanLengths, EqualCountsGiveEqualLengths) {
  const CodeLengths lengths = optimal_code_lengths(histogram(Counts(256, 5)), 13);
  EXPECT_TRUE(std::ranges::all_of(lengths, [](int length) { return length == 8; }));
}

TEST(HuffmanLengths, FibonacciCountsReachTheLimit) {
  Counts counts{1, 1};
  while (counts.size() < 40) counts.push_back(counts.end()[-1] + counts.end()[-2]);
  for (const unsigned longest : {6u, 11u, 13u, 16u}) {
    const CodeLengths lengths = optimal_code_lengths(histogram(counts), longest);
    EXPECT_EQ(*std::ranges::max_element(lengths), longest);
    EXPECT_EQ(kraft_sum(lengths), 65536u);
  }
}

TEST(HuffmanLengths, NoSymbolHasNoLengthAndOneHasLengthOne) {
  EXPECT_EQ(optimal_code_lengths({}, 13), CodeLengths{});
  const CodeLengths lengths = optimal_code_lengths(histogram({0, 0, 9}), 13);
  EXPECT_EQ(lengths[2], 1);
  EXPECT_EQ(std::ranges::count(lengths, 0), 255);
}

TEST(HuffmanCode, RefusesCodesThatDoNotFillTheCodeSpace) {
  EXPECT_TRUE(canonical_code({1, 1}).has_value());
  EXPECT_TRUE(canonical_code({1, 2, 2}).has_value());
  EXPECT_FALSE(canonical_code({}).has_value());
  EXPECT_FALSE(canonical_code({1}).has_value());
  EXPECT_FALSE(canonical_code({1, 2}).has_value());
  EXPECT_FALSE(canonical_code({1, 1, 1}).has_value());
  EXPECT_FALSE(canonical_code({1, 1, 13}).has_value());
  EXPECT_FALSE(canonical_code({1, 14}).has_value());
}

TEST(HuffmanCode, WordsAreCanonicalAndDecodeToTheirSymbols) {
  const auto code = canonical_code({2, 1, 3, 3});
  ASSERT_TRUE(code.has_value());
  EXPECT_EQ(code->reversed_words[1], 0b0);
  EXPECT_EQ(code->reversed_words[0], 0b01);
  EXPECT_EQ(code->reversed_words[2], 0b011);
  EXPECT_EQ(code->reversed_words[3], 0b111);
  for (std::uint8_t symbol = 0; symbol < 4; ++symbol) {
    const DecodedSymbol decoded = decode_symbol(*code, code->reversed_words[symbol]);
    EXPECT_EQ(decoded.symbol, symbol);
    EXPECT_EQ(decoded.length, code->lengths[symbol]);
  }
}

}  // namespace
}  // namespace evalzip
