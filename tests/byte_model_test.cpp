// What a byte-level language model sees, and what becomes of its predictions.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string_view>

#include "codecs/context/squash.h"
#include "codecs/llm/byte_tree.h"
#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/language_model.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/ngram_tables.h"
#include "tests/logits_of.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

std::uint64_t last_bytes(std::string_view text) {
  std::uint64_t recent = 0;
  for (const char letter : text) recent = recent << 8 | static_cast<unsigned char>(letter);
  return recent;
}

// tests/train/features_test.py holds the script that trains models to the same rows.
TEST(NgramTables, FindTheRowsThatModelsAreTrainedWith) {
  struct Row {
    std::string_view text;
    unsigned order;
    std::size_t row;
  };
  for (const Row& row : {Row{"the hous", 2, 7011},
                         Row{"the hous", 3, 3390},
                         Row{"the hous", 4, 9260},
                         Row{"the hous", 6, 14141},
                         Row{"the hous", 8, 12895},
                         Row{"the hous", 0, 9260},
                         Row{"x", 2, 2688},
                         Row{"x", 3, 2688},
                         Row{"x", 4, 2688},
                         Row{"x", 6, 2688},
                         Row{"x", 8, 2688},
                         Row{"x", 0, 2688},
                         Row{"garden, ", 2, 5110},
                         Row{"garden, ", 3, 10083},
                         Row{"garden, ", 4, 13106},
                         Row{"garden, ", 6, 11336},
                         Row{"garden, ", 8, 2565},
                         Row{"garden, ", 0, 10240},
                         Row{"Am 1. M\xc3"
                             "\xa4",
                             2, 10064},
                         Row{"Am 1. M\xc3"
                             "\xa4",
                             3, 3715},
                         Row{"Am 1. M\xc3"
                             "\xa4",
                             4, 6781},
                         Row{"Am 1. M\xc3"
                             "\xa4",
                             6, 8902},
                         Row{"Am 1. M\xc3"
                             "\xa4",
                             8, 16302},
                         Row{"Am 1. M\xc3"
                             "\xa4",
                             0, 7247},
                         Row{"<a href=", 2, 13165},
                         Row{"<a href=", 3, 13561},
                         Row{"<a href=", 4, 7077},
                         Row{"<a href=", 6, 7446},
                         Row{"<a href=", 8, 6420},
                         Row{"<a href=", 0, 8092}}) {
    EXPECT_EQ(NgramTables::row_of(last_bytes(row.text), row.order, 14), row.row)
        << row.text << ", order " << row.order;
  }
}

TEST(NgramTables, AWordIsTheSameInEveryCaseAndBehindAnything) {
  const auto row = [](std::string_view text) {
    return NgramTables::row_of(last_bytes(text), 0, 20);
  };
  EXPECT_EQ(row("the hous"), row("(HOUS"));
  EXPECT_EQ(row("big dog "), row(".dog "));
  EXPECT_NE(row("big dog "), row("big dog."));
  EXPECT_NE(row("big dog"), row("big dog "));
}

double log_odds(const std::array<std::int16_t, 256>& logits, std::uint32_t node) {
  double sums[2] = {};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t below = 256 | byte;
    while (below / 2 > node) below /= 2;
    if (below / 2 == node) sums[below % 2] += std::exp2(logits[byte] / 256.0);
  }
  return 256 * std::log(sums[1] / sums[0]);
}

TEST(ByteTree, HasTheLogOddsOfASoftmax) {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::array<std::int16_t, 256> logits;
    for (std::int16_t& logit : logits) logit = static_cast<std::int16_t>(random() % 1500);
    ByteTree tree;
    tree.assign(logits_of(logits), engine_kernels().back().rows);
    for (std::uint32_t node = 1; node < 256; ++node) {
      EXPECT_NEAR(tree.log_odds(node), log_odds(logits, node), 2.0) << node;
    }
  }
}

TEST(ByteTree, IsTheSameOnEveryInstructionSetAndNeverCertain) {
  std::array<std::int16_t, 256> logits{};
  logits.fill(INT16_MIN);
  logits['x'] = INT16_MAX;
  for (const EngineKernels& kernels : engine_kernels()) {
    ByteTree tree;
    tree.assign(logits_of(logits), kernels.rows);
    const BitOdds odds = tree.path('x');
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool one = ('x' >> (7 - bit) & 1) != 0;
      EXPECT_GT(one ? odds[bit] : -odds[bit], 2500) << "the largest is " << kMostStretch;
      EXPECT_EQ(odds[bit], tree.log_odds((256u | 'x') >> (8 - bit)));
    }
    EXPECT_EQ(tree.log_odds(3), 0) << "nothing is known of bytes that do not come";
  }
}

TEST(ByteModels, ReadBytesAsTheyAre) {
  const TinyModelFile file({.architecture = "byte-llama"});
  const auto model = load_language_model(file.path());
  EXPECT_TRUE(model->tokens_are_bytes());
  EXPECT_EQ(model->tokenizer->vocabulary(), 256u);
  EXPECT_EQ(model->tokenizer->described(), "bytes");
  std::vector<std::byte> all(256);
  for (unsigned byte = 0; byte < 256; ++byte) all[byte] = static_cast<std::byte>(byte);
  const std::vector<Symbol> symbols = model->tokenizer->encode(all);
  EXPECT_EQ(model->tokenizer->decode(symbols), all);
  EXPECT_EQ(symbols[200], 200u);
}

TEST(ByteModels, TheBytesBeforeTheLastOneMatterThroughTheTables) {
  const TinyModelFile file({.architecture = "byte-llama"});
  const TransformerWeights weights(open_model_file(file.path()));
  const std::size_t width = weights.shape().width;
  std::vector<float> one(width), other(width);
  weights.embed({.token = 'n', .position = 0, .recent = last_bytes("garden")}, one);
  weights.embed({.token = 'n', .position = 0, .recent = last_bytes("wooden")}, other);
  EXPECT_TRUE(std::equal(one.begin(), one.begin() + width / 4, other.begin())) << "the same two";
  EXPECT_FALSE(std::equal(one.begin() + width / 4, one.end(), other.begin() + width / 4));
}

TEST(ByteModels, AreRefusedWhereTablesDoNotFit) {
  const auto refused = [](std::vector<std::uint64_t> shape) {
    TinyModelWriter writer({.architecture = "byte-llama"});
    const std::vector<float> values(shape[0] * shape[1]);
    writer.add_table("ngram_embd.7.weight", shape, values);
    const TemporaryFolder folder;
    write_bytes(folder.path() / "wrong.gguf", writer.gguf());
    try {
      load_language_model(folder.path() / "wrong.gguf");
    } catch (const ModelError&) {
      return true;
    }
    return false;
  };
  EXPECT_FALSE(refused({32, 8}));
  EXPECT_TRUE(refused({33, 8})) << "rows that are no power of 2";
  EXPECT_TRUE(refused({1, 8}));
  EXPECT_TRUE(refused({32, 9})) << "wider than what is left of the input";
}

TEST(ByteModels, OfAContextTooShortToSlideAreRefused) {
  const auto refused = [](std::uint32_t context) {
    const TinyModelFile file({.architecture = "byte-llama", .context = context});
    try {
      load_language_model(file.path());
    } catch (const ModelError&) {
      return true;
    }
    return false;
  };
  for (const std::uint32_t context : {1u, 2u, 3u}) EXPECT_TRUE(refused(context)) << context;
  EXPECT_FALSE(refused(4));
}

}  // namespace
}  // namespace evalzip
