// The forward pass in int8 against plain binary32, and against itself: the same to the bit whatever
// the kernels, the threads and the batches.
#include "codecs/llm/transformer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "codecs/llm/token_counts.h"
#include "tests/reference_transformer.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

// How the tokens are cut into calls.
struct Run {
  const EngineKernels* kernels;
  unsigned threads;
  std::size_t batch;
};

std::vector<std::uint32_t> random_tokens(std::uint64_t seed, std::size_t count,
                                         std::size_t vocabulary) {
  std::mt19937_64 random(seed);
  std::vector<std::uint32_t> tokens(count);
  for (std::uint32_t& token : tokens) {
    token = static_cast<std::uint32_t>((random() >> 20) % vocabulary);
  }
  return tokens;
}

// FNV-1a (Fowler, Noll, Vo 1991).
std::uint64_t hash_of(std::span<const std::int16_t> logits, std::uint64_t hash) {
  for (const std::int16_t logit : logits) {
    hash = (hash ^ static_cast<std::uint16_t>(logit)) * 0x100000001b3;
  }
  return hash;
}

// One hash of all logits of several texts, each a full context.
std::uint64_t hash_of_logits(const TransformerWeights& weights, const Run& run,
                             std::size_t tokens_wanted) {
  const TransformerShape& shape = weights.shape();
  ThreadTeam team(run.threads);
  Transformer transformer(weights, shape.context, team, *run.kernels);
  KeyValueCache cache(shape, shape.context);
  std::uint64_t hash = 0xcbf29ce484222325;
  for (std::size_t done = 0; done < tokens_wanted; done += shape.context) {
    const auto tokens = random_tokens(done, shape.context, shape.vocabulary);
    for (std::size_t begin = 0; begin < tokens.size(); begin += run.batch) {
      std::vector<TokenRow> rows;
      for (std::size_t i = begin; i < std::min(begin + run.batch, tokens.size()); ++i) {
        rows.push_back({.cache = &cache, .token = tokens[i], .position = i, .predicts = true});
      }
      std::vector<std::vector<std::int16_t>> logits(rows.size());
      transformer.run(rows, [&](std::size_t row, std::span<std::int16_t> values, unsigned) {
        logits[row].assign(values.begin(),
                           values.begin() + static_cast<std::ptrdiff_t>(shape.vocabulary));
      });
      for (const auto& row : logits) hash = hash_of(row, hash);
    }
  }
  return hash;
}

void expect_one_hash(const TransformerWeights& weights, std::size_t tokens) {
  const std::uint64_t first =
      hash_of_logits(weights, {&engine_kernels().front(), 1, weights.shape().context}, tokens);
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const unsigned threads : {1u, 2u, 3u}) {
      for (const std::size_t batch : {1, 7, 64}) {
        EXPECT_EQ(hash_of_logits(weights, {&kernels, threads, batch}, tokens), first)
            << to_string(kernels.isa) << ", threads " << threads << ", batch " << batch;
      }
    }
  }
}

class TransformerTest : public testing::TestWithParam<const char*> {
 protected:
  TinyModelFile file_{{.architecture = GetParam()}};
};

INSTANTIATE_TEST_SUITE_P(Families, TransformerTest,
                         testing::Values("llama", "qwen2", "qwen3", "gpt2"));

TEST_P(TransformerTest, LogitsAreTheSameToTheBitHoweverTheyAreComputed) {
  expect_one_hash(TransformerWeights(open_model_file(file_.path())), 2000);
}

// Many segments in step, one row of each: as the decoder runs.
TEST_P(TransformerTest, SegmentsInStepGiveTheLogitsOfOneAlone) {
  const TransformerWeights weights(open_model_file(file_.path()));
  const TransformerShape& shape = weights.shape();
  constexpr std::size_t kSegments = 9;
  ThreadTeam team(2);
  Transformer transformer(weights, shape.context, team, engine_kernels().back());
  std::vector<std::unique_ptr<KeyValueCache>> caches;
  std::vector<std::vector<std::uint32_t>> tokens;
  for (std::size_t s = 0; s < kSegments; ++s) {
    caches.push_back(std::make_unique<KeyValueCache>(shape, shape.context));
    tokens.push_back(random_tokens(s, shape.context, shape.vocabulary));
  }
  std::vector<std::uint64_t> together(kSegments), alone(kSegments);
  std::vector<TokenRow> rows;
  const auto run_into = [&](std::vector<std::uint64_t>& hashes, std::size_t first) {
    transformer.run(rows, [&](std::size_t row, std::span<std::int16_t> values, unsigned) {
      hashes[first + row] = hash_of(values.first(shape.vocabulary), hashes[first + row]);
    });
    rows.clear();
  };
  for (std::size_t i = 0; i < shape.context; ++i) {
    for (std::size_t s = 0; s < kSegments; ++s) {
      rows.push_back({caches[s].get(), tokens[s][i], i, true});
    }
    run_into(together, 0);
  }
  for (std::size_t s = 0; s < kSegments; ++s) {
    for (std::size_t i = 0; i < shape.context; ++i) {
      rows.push_back({caches[0].get(), tokens[s][i], i, true});
      run_into(alone, s);
    }
  }
  EXPECT_EQ(together, alone);
}

// Code lengths in bits of the tokens under both, the first token apart, which nothing predicts.
struct CodeLengths {
  double engine = 0, reference = 0;
  double apart = 0;  // the sum over tokens of how far the two are from each other
};

double reference_bits(const std::vector<float>& logits, std::uint32_t token) {
  const double top = *std::ranges::max_element(logits);
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit - top);
  return (std::log(sum) - (logits[token] - top)) / std::log(2.0);
}

CodeLengths code_lengths(const std::filesystem::path& path, std::uint64_t seed) {
  const ModelFile file = open_model_file(path);
  ReferenceTransformer reference(file);
  const TransformerWeights weights(open_model_file(path));
  const TransformerShape& shape = weights.shape();
  ThreadTeam team(1);
  Transformer transformer(weights, shape.context, team, engine_kernels().back());
  KeyValueCache cache(shape, shape.context);
  TokenCounts counts;
  CodeLengths lengths;
  const auto tokens = random_tokens(seed, shape.context, shape.vocabulary);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const double expected = reference_bits(reference.logits(tokens[i]), tokens[i + 1]);
    lengths.reference += expected;
    const TokenRow row{.cache = &cache, .token = tokens[i], .position = i, .predicts = true};
    transformer.run({&row, 1}, [&](std::size_t, std::span<std::int16_t> values, unsigned) {
      counts.assign(values, shape.vocabulary, engine_kernels().back().rows);
      const double bits = counts.model_bits(tokens[i + 1]);
      lengths.engine += bits;
      lengths.apart += std::abs(bits - expected);
    });
  }
  return lengths;
}

TEST_P(TransformerTest, ItPredictsWhatPlainBinary32Predicts) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const bool tied : {false, true}) {
      const TinyModelFile file({.architecture = GetParam(), .tied = tied, .seed = seed});
      const CodeLengths lengths = code_lengths(file.path(), seed);
      EXPECT_NEAR(lengths.engine, lengths.reference, 0.01 * lengths.reference)
          << "seed " << seed << (tied ? ", tied" : "");
      EXPECT_LT(lengths.apart, 0.02 * lengths.reference) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace evalzip
