// kt and ctw: their code lengths are bounds that a decoder can follow.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "bounds/order_statistics.h"
#include "codecs/codec_spec.h"
#include "codecs/ctw_model.h"
#include "codecs/ctw_tables.h"
#include "codecs/entropy_model.h"
#include "codecs/registry.h"
#include "harness/split_mix.h"
#include "tests/encoded_size.h"

namespace evalzip {
namespace {

// Words out of a small vocabulary: some order in every context length.
std::string prose(std::size_t size, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::string text;
  while (text.size() < size) {
    static const char* const words[] = {"entropy ", "of ", "the ",     "source ",
                                        "is ",      "a ",  "bound.\n", "coder "};
    text += words[random.below(8)];
  }
  text.resize(size);
  return text;
}

TEST(KtCodec, WritesTheCodeLengthThatItsCountsSay) {
  const std::string text = prose(60000, 1);
  const auto statistics = order_statistics(bytes_of(text), {});
  for (unsigned order = 0; order <= kHighestOrder; ++order) {
    const double bound = statistics[order].kt_bits / 8;
    const auto size = static_cast<double>(encoded_size("kt:order=" + std::to_string(order), text));
    EXPECT_NEAR(size, bound, bound * 0.0001 + 8) << "order " << order;
  }
}

TEST(CtwCodec, IsNearTheBestOrderOfEveryDocumentWithoutKnowingIt) {
  const std::string text = prose(60000, 2);
  const auto statistics = order_statistics(bytes_of(text), {});
  double best = 8.0 * static_cast<double>(text.size());
  for (const OrderStatistics& order : statistics) best = std::min(best, order.kt_bits);
  EXPECT_LT(8.0 * static_cast<double>(encoded_size("ctw", text)), best);
}

TEST(CtwCodec, WritesItsIdealCodeLength) {
  const std::string text = prose(60000, 3);
  const Registry codecs = builtin_codecs();
  const CodecSpec ctw = parse_codec_spec(codecs, "ctw");
  const double ideal = ctw.codec->make(ctw.params)->ideal_bits(bytes_of(text)).value() / 8;
  EXPECT_NEAR(static_cast<double>(encoded_size("ctw", text)), ideal, ideal * 0.0001 + 8);
}

TEST(CtwCodec, OfRandomBytesAddsLittle) {
  SplitMix64 random(4);
  std::string text(100000, ' ');
  for (char& byte : text) byte = static_cast<char>(random.below(256));
  EXPECT_LE(encoded_size("ctw", text), text.size() + 1);
}

TEST(CtwCodec, WorksInLittleMemory) {
  const std::string text = prose(60000, 5);
  EXPECT_LT(encoded_size("ctw:memory_bits=16", text), text.size() / 3);
}

TEST(CtwModel, NeverGivesABitAProbabilityOfZero) {
  CtwModel model({.depth = 3, .memory_bits = 16});
  for (int i = 0; i < 100000; ++i) {
    ASSERT_GT(model.probability_of_one(), 0u);
    ASSERT_LT(model.probability_of_one(), 1u << CtwModel::kProbabilityBits);
    model.update(i >= 90000);
  }
}

TEST(CtwTables, AreLogarithmsAndOdds) {
  const CtwTables& tables = CtwTables::instance();
  for (std::uint32_t p = 64; p < CtwTables::kOne; p += 37) {
    EXPECT_NEAR(tables.log2(p), 64 * std::log2(p / 65536.0), 64 * std::log2(1 + 8.0 / p) + 1) << p;
  }
  for (int log_beta = -CtwTables::kMostLogBeta; log_beta <= CtwTables::kMostLogBeta; ++log_beta) {
    const double beta = std::exp2(log_beta / 64.0);
    EXPECT_NEAR(tables.weight(log_beta), 65536 * beta / (1 + beta), 8) << log_beta;
  }
}

}  // namespace
}  // namespace evalzip
