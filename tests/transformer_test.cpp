// The forward pass in int8 against plain binary32. That it is the same everywhere: logits_test.cpp.
#include "codecs/llm/transformer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "codecs/llm/token_counts.h"
#include "tests/logits_hash.h"
#include "tests/reference_transformer.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

class TransformerTest : public testing::TestWithParam<const char*> {
 protected:
  TinyModelFile file_{{.architecture = GetParam()}};
};

INSTANTIATE_TEST_SUITE_P(Families, TransformerTest,
                         testing::Values("llama", "qwen2", "qwen3", "gpt2"));

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
    transformer.run({&row, 1}, [&](std::size_t, const Logits& logits, unsigned) {
      counts.assign(logits, engine_kernels().back().rows);
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
