// What int8 costs: code lengths of real text under a real model, against plain binary32.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

#include "codecs/llm/llm_stream.h"
#include "tests/nasty_inputs.h"
#include "tests/real_models.h"
#include "tests/reference_transformer.h"

namespace evalzip {
namespace {

// Enough for the difference to be the model's and not the text's, and for a test that takes
// seconds.
constexpr std::size_t kTextBytes = 8'000;

// What a command writes, as far as it is wanted.
Input output_of(const std::string& command) {
  Input bytes(kTextBytes);
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), pipe));
  pclose(pipe);
  return bytes;
}

double bits_of(const ReferenceTransformer::Row& logits, Symbol token) {
  const double top = *std::ranges::max_element(logits);
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit - top);
  return (std::log(sum) - (logits[token] - top)) / std::log(2.0);
}

// Takes in the same rows as the coder does, context by context.
double reference_bits(const ModelFile& file, const Tokenizer& tokenizer, Bytes text) {
  ReferenceTransformer reference(file);
  const std::vector<Symbol> tokens = tokenizer.encode(text);
  KeyValueCache unused(reference.shape(), 1);
  TokenContext context(unused, tokenizer.begin_symbol().value_or(0), reference.shape().context);
  double bits = 0;
  std::vector<TokenRow> rows;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    rows.clear();
    if (i == 0) context.begin(rows);
    if (i != 0) context.take(tokens[i - 1], rows);
    for (const TokenRow& row : rows) {
      if (row.position == 0) reference.restart();
      const auto logits = reference.logits(row.token);
      if (row.predicts) bits += bits_of(logits, tokens[i]);
    }
  }
  return bits;
}

void expect_close(const Llama2cModel& model, const Input& text, double tolerance) {
  const ModelFile file = open_model_file(model.path());
  LlmStream coder(load_language_model(model.path()), {.segments = 1}, engine_kernels().back());
  const double engine = coder.measure(text).model_bits;
  const double reference = reference_bits(file, *make_tokenizer(file.metadata()), text);
  const auto bytes = static_cast<double>(text.size());
  std::printf("%zu bytes: %.5f bits/byte in int8, %.5f in binary32: %+.3f %%\n", text.size(),
              engine / bytes, reference / bytes, 100 * (engine / reference - 1));
  EXPECT_NEAR(engine, reference, tolerance * reference);
}

class LlmQuality : public testing::TestWithParam<std::pair<const char*, const char*>> {};

INSTANTIATE_TEST_SUITE_P(Models, LlmQuality,
                         testing::Values(std::pair{"stories15M.bin.xz", "tokenizer.bin"},
                                         std::pair{"stories260K.bin", "tok512.bin"}),
                         [](const auto& tested) { return tested.index == 0 ? "M15" : "K260"; });

TEST_P(LlmQuality, AChildrensBookIsWithinHalfAPercentOfBinary32) {
  if (llama2c_folder().empty()) GTEST_SKIP() << "EVALZIP_TEST_DATA has no models of llama2.c";
  const Input text = output_of("tar -xzOf '" + std::string(std::getenv("EVALZIP_TEST_DATA")) +
                               "/corpora/canterbury.tar.gz' alice29.txt 2>/dev/null");
  if (text.size() != kTextBytes) GTEST_SKIP() << "EVALZIP_TEST_DATA has no canterbury.tar.gz";
  expect_close(Llama2cModel(GetParam().first, GetParam().second), text, 0.005);
}

TEST_P(LlmQuality, EnglishOutOfItsDomainIsWithinAPercentOfBinary32) {
  if (llama2c_folder().empty()) GTEST_SKIP() << "EVALZIP_TEST_DATA has no models of llama2.c";
  const Input text = output_of("xz -dc '" + std::string(std::getenv("EVALZIP_TEST_DATA")) +
                               "/corpora/silesia/dickens.xz' 2>/dev/null");
  if (text.size() != kTextBytes) GTEST_SKIP() << "EVALZIP_TEST_DATA has no dickens.xz";
  expect_close(Llama2cModel(GetParam().first, GetParam().second), text, 0.01);
}

}  // namespace
}  // namespace evalzip
