// Logits to counts: exponentials that every kernel computes alike, and intervals that obey the
// laws.
#include "codecs/llm/token_counts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "codecs/llm/engine_kernels.h"
#include "tests/logits_of.h"

namespace evalzip {
namespace {

std::vector<std::int16_t> random_logits(std::size_t count, int range, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::int16_t> logits(count);
  for (auto& logit : logits) {
    logit = static_cast<std::int16_t>(static_cast<int>(random() % (2u * range)) - range);
  }
  return logits;
}

// Of all sizes, near and far from the ends of registers and of runs.
std::vector<std::vector<std::int16_t>> kinds_of_logits() {
  std::vector<std::vector<std::int16_t>> kinds;
  for (const std::size_t count : {1, 2, 15, 16, 31, 33, 511, 512, 513, 1100}) {
    kinds.push_back(random_logits(count, 2'000, count));
    kinds.push_back(random_logits(count, 32'767, count));
    kinds.emplace_back(count, std::int16_t{0});
    kinds.emplace_back(count, INT16_MIN);
    kinds.back()[count / 2] = INT16_MAX;
  }
  return kinds;
}

TEST(Exponential, IsAPowerOfTwo) {
  EXPECT_EQ(exponential::of_difference(0), 65535u << 14);
  for (int below = 0; below < 30 * 256; ++below) {
    const double exact = std::exp2(30 - below / 256.0);
    EXPECT_NEAR(exponential::of_difference(below), exact, 1 + 4e-5 * exact) << below;
  }
  for (int below = 30 * 256; below < 65536; ++below) {
    ASSERT_EQ(exponential::of_difference(below), 0u) << below;
  }
}

TEST(Exponential, IsNoLargerForASmallerLogit) {
  for (int below = 0; below < 31 * 256; ++below) {
    EXPECT_GE(exponential::of_difference(below), exponential::of_difference(below + 1)) << below;
  }
}

TEST(Exponential, EveryKernelComputesIt) {
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const auto& logits : kinds_of_logits()) {
      SCOPED_TRACE(testing::Message() << to_string(kernels.isa) << ", " << logits.size());
      const std::int16_t largest = logits_of(logits).largest;
      std::vector<std::uint32_t> found(logits.size());
      kernels.rows.exponentials(logits.data(), logits.size(), largest, found.data());
      std::vector<std::uint64_t> sums((logits.size() + kSummedLogits - 1) / kSummedLogits);
      std::vector<std::uint64_t> expected(sums.size());
      kernels.rows.sum_exponentials(logits.data(), logits.size(), largest, sums.data());
      for (std::size_t i = 0; i < logits.size(); ++i) {
        const std::uint32_t own = exponential::of_difference(largest - logits[i]);
        EXPECT_EQ(found[i], own) << i;
        expected[i / kSummedLogits] += own;
      }
      EXPECT_EQ(sums, expected);
    }
  }
}

TEST(TokenCounts, IntervalsTileTheTotalAndAreFound) {
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const auto& logits : kinds_of_logits()) {
      SCOPED_TRACE(testing::Message() << to_string(kernels.isa) << ", " << logits.size());
      TokenCounts counts;
      counts.assign(logits_of(logits), kernels.rows);
      std::uint32_t end = 0;
      for (Symbol token = 0; token < logits.size(); ++token) {
        const Interval interval = counts.interval(token);
        ASSERT_EQ(interval.low, end) << token;
        ASSERT_GT(interval.width, 0u) << token;
        end = interval.low + interval.width;
        ASSERT_EQ(counts.find(interval.low), token);
        ASSERT_EQ(counts.find(end - 1), token);
      }
      EXPECT_EQ(end, counts.total());
      EXPECT_GE(counts.total(), 65535u << 14);
      EXPECT_LT(counts.total(), (1u << 31) + logits.size());
    }
  }
}

TEST(TokenCounts, AVocabularyOfEquallyLikelyTokensFits) {
  const std::vector<std::int16_t> logits(300'001, INT16_MAX);
  TokenCounts counts;
  counts.assign(logits_of(logits), engine_kernels().back().rows);
  EXPECT_LT(counts.total(), (1u << 31) + logits.size());
  for (const Symbol token : {0u, 150'000u, 300'000u}) {
    const Interval interval = counts.interval(token);
    EXPECT_NEAR(interval.width, counts.total() / 300'001.0, 1);
    EXPECT_EQ(counts.find(interval.low), token);
    EXPECT_NEAR(counts.model_bits(token), std::log2(300'001.0), 1e-4);
  }
}

TEST(TokenCounts, TheyCostNextToNothingBesideTheSoftmax) {
  const std::vector<std::int16_t> logits = random_logits(32'000, 3'000, 5);
  double sum = 0, model = 0, coded = 0;
  for (const std::int16_t logit : logits) sum += std::exp2(logit / 256.0);
  TokenCounts counts;
  counts.assign(logits_of(logits), engine_kernels().back().rows);
  const auto total = static_cast<double>(counts.total());
  for (Symbol token = 0; token < logits.size(); ++token) {
    const double likelihood = std::exp2(logits[token] / 256.0) / sum;
    model -= likelihood * std::log2(likelihood);
    coded -= likelihood * std::log2(counts.interval(token).width / total);
    EXPECT_NEAR(counts.model_bits(token), -std::log2(likelihood), 1e-4);
  }
  EXPECT_NEAR(coded, model, 0.0003);
}

}  // namespace
}  // namespace evalzip
