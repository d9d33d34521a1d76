// A token's way through its bytes: the decisions are as likely as the token, and lead to it alone.
#include "codecs/llm/token_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/gguf.h"
#include "codecs/llm/natural_logarithm.h"
#include "codecs/llm/token_end_model.h"
#include "codecs/llm/tokenizer.h"
#include "tests/logits_of.h"
#include "tests/tiny_vocabularies.h"

namespace evalzip {
namespace {

std::unique_ptr<const Tokenizer> tokenizer_of(const TinyVocabulary& vocabulary) {
  const std::vector<std::byte> bytes = vocabulary.gguf();
  return make_tokenizer(parse_gguf(bytes, "tiny.gguf").metadata());
}

std::vector<TinyVocabulary> vocabularies() {
  return {tiny_sentencepiece({"the", "_the", "th", "he", "t", "h", "e", "_"}),
          tiny_gpt2({"t h", "th e", "i n", "Ġ the"}, "gpt-2")};
}

std::vector<std::uint8_t> values_of(Bytes bytes) {
  std::vector<std::uint8_t> values;
  for (const std::byte byte : bytes) values.push_back(std::to_integer<std::uint8_t>(byte));
  return values;
}

std::vector<std::int16_t> random_logits(std::size_t vocabulary, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::int16_t> logits(vocabulary);
  for (auto& logit : logits) logit = static_cast<std::int16_t>(random() % 2'000);
  return logits;
}

double cost(int log_odds, bool bit) {
  return std::log2(1 + std::exp((bit ? -log_odds : log_odds) / 256.0));
}

// In bits, of all decisions on the way to a token.
double cost_of_way(TokenWalk& walk, const std::vector<std::uint8_t>& token) {
  double bits = 0;
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool one = (token[i] >> (7 - bit) & 1u) != 0;
      if (const auto certain = walk.certain_bit()) {
        EXPECT_EQ(*certain, one);
      } else {
        bits += cost(walk.log_odds(), one);
      }
      walk.take_bit(one);
    }
    walk.take(token[i]);
    const bool last = i + 1 == token.size();
    EXPECT_TRUE(last ? walk.can_end() : !walk.must_end());
    if (walk.can_end() && !walk.must_end()) bits += cost(walk.end_log_odds(), last);
  }
  return bits;
}

TEST(TokenWalk, TheWayToATokenIsAsLikelyAsTheToken) {
  for (const TinyVocabulary& words : vocabularies()) {
    const auto tokenizer = tokenizer_of(words);
    const SortedVocabulary sorted(*tokenizer);
    const std::vector<std::int16_t> logits = random_logits(tokenizer->vocabulary(), 1);
    SortedCounts counts;
    SortedCounts::Scratch exponentials;
    counts.assign(logits_of(logits), sorted, engine_kernels().front().rows, exponentials);
    for (const Symbol token : sorted.tokens()) {
      SCOPED_TRACE(token);
      const auto bytes = values_of(tokenizer->bytes_of(token));
      TokenWalk walk;
      walk.begin(sorted, counts);
      const double bits = cost_of_way(walk, bytes);
      EXPECT_NEAR(bits, walk.bits(), 0.05);
      EXPECT_TRUE(values_of(tokenizer->bytes_of(walk.token())) == bytes);
    }
  }
}

TEST(SortedVocabulary, WhatBeginsAlikeStandsTogetherAndEveryByteIsThere) {
  for (const TinyVocabulary& words : vocabularies()) {
    const auto tokenizer = tokenizer_of(words);
    const SortedVocabulary sorted(*tokenizer);
    const auto text = [&](std::uint32_t place) {
      return values_of(tokenizer->bytes_of(sorted.tokens()[place]));
    };
    for (std::uint32_t i = 1; i < sorted.tokens().size(); ++i) {
      EXPECT_TRUE(text(i - 1) <= text(i));
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
      const auto range = sorted.narrowed(sorted.all(), static_cast<std::uint8_t>(byte));
      ASSERT_FALSE(range.empty());
      EXPECT_GT(sorted.first_longer(range), range.begin);
      for (std::uint32_t i = range.begin; i < range.end; ++i) EXPECT_EQ(text(i)[0], byte);
    }
  }
}

TEST(SortedVocabulary, OfTwoTokensOfTheSameBytesTextUsesTheOneThatTheTokenizerDoes) {
  const auto tokenizer = tokenizer_of(vocabularies().front());
  const std::vector<std::uint8_t> letter{'t'};
  const std::vector<Symbol> spelt = tokenizer->encode(std::as_bytes(std::span("xt").first(2)));
  EXPECT_EQ(SortedVocabulary(*tokenizer).chosen(letter), spelt.back());
}

TEST(SortedCounts, EveryKernelSumsTheSame) {
  const auto tokenizer = tokenizer_of(vocabularies().front());
  const SortedVocabulary sorted(*tokenizer);
  const std::size_t outputs = tokenizer->vocabulary() + 5;  // more than there are tokens
  const std::vector<std::int16_t> logits = random_logits(outputs, 2);
  SortedCounts first;
  SortedCounts::Scratch exponentials;
  first.assign(logits_of(logits), sorted, engine_kernels().front().rows, exponentials);
  for (const EngineKernels& kernels : engine_kernels()) {
    SortedCounts other;
    other.assign(logits_of(logits), sorted, kernels.rows, exponentials);
    for (std::uint32_t place = 0; place < sorted.tokens().size(); ++place) {
      EXPECT_EQ(other.sum(0, place), first.sum(0, place));
    }
    EXPECT_EQ(other.total(), first.total());
  }
}

TEST(NaturalLogarithm, IsRightToHalfOfWhatOddsAreCountedIn) {
  for (std::uint64_t x = 1; x < std::uint64_t{1} << 62; x = x * 3 / 2 + 1) {
    EXPECT_NEAR(static_cast<double>(natural_logarithm(x)) * 0x1p-20,
                std::log(static_cast<double>(x)), 0.002)
        << x;
  }
}

TEST(TokenEndModel, LearnsWhatTheLanguageModelGetsWrong) {
  TokenEndModel ends(engine_kernels().front().isa);
  double early = 0, late = 0;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const std::uint32_t node = i % 5;
    const bool end = node < 2;
    ends.predict({.log_odds = end ? -600 : 600, .node = node, .before = i % 3, .recent = i % 5});
    const double one = ends.probability_of_one() / 65536.0;
    (i < 100 ? early : late) -= std::log2(end ? one : 1 - one);
    ends.update(end);
  }
  EXPECT_LT(late / 1'900, 0.05);
  EXPECT_LT(late / 1'900, early / 100);
}

TEST(TokenEndModel, EveryInstructionSetPredictsTheSame) {
  std::deque<TokenEndModel> models;
  for (const EngineKernels& kernels : engine_kernels()) models.emplace_back(kernels.isa);
  std::mt19937_64 random(3);
  for (int i = 0; i < 3'000; ++i) {
    const TokenEndModel::Place place{.log_odds = static_cast<int>(random() % 5'000) - 2'500,
                                     .node = static_cast<std::uint32_t>(random() % 50),
                                     .before = static_cast<std::uint32_t>(random() % 50),
                                     .recent = random() % 1'000};
    const bool end = random() % 3 == 0;
    for (TokenEndModel& model : models) model.predict(place);
    for (TokenEndModel& model : models) {
      ASSERT_EQ(model.probability_of_one(), models.front().probability_of_one());
    }
    for (TokenEndModel& model : models) model.update(end);
  }
}

}  // namespace
}  // namespace evalzip
