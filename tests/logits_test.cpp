// Logits and the counts made of them are the same to the bit on every machine: with every
// instruction set, number of threads and batch, and whatever compiler made the engine from whatever
// options. Each hash below was computed once; scripts/compare_engines lets other compilers and
// aarch64 compute it again.
//
// A hash that changes means that streams written before can no longer be read: then the version of
// the arithmetic in llm_header.cpp has to be raised with it.
#include <gtest/gtest.h>

#include <string>

#include "tests/logits_hash.h"
#include "tests/real_models.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

std::string described(const Run& run) {
  return std::string(to_string(run.kernels->isa)) + ", threads " + std::to_string(run.threads) +
         (run.in_step ? ", in step" : ", batch " + std::to_string(run.batch));
}

void expect_hash(const TransformerWeights& weights, const Run& run, std::uint64_t hash) {
  const std::uint64_t found = hash_of_logits(weights, run);
  EXPECT_EQ(found, hash) << std::hex << "0x" << found << " with " << described(run);
}

void expect_hash_of_all_runs(const std::filesystem::path& path, std::uint64_t hash) {
  const TransformerWeights weights(open_model_file(path));
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const unsigned threads : {1u, 2u, 3u}) {
      for (const std::size_t batch : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
        expect_hash(weights, {&kernels, threads, batch}, hash);
      }
      expect_hash(weights, {&kernels, threads, weights.shape().context}, hash);
      expect_hash(weights, {&kernels, threads, 0, true}, hash);
    }
  }
}

struct Family {
  const char* architecture;
  std::uint64_t hash;
};

class LogitsTest : public testing::TestWithParam<Family> {};

INSTANTIATE_TEST_SUITE_P(Families, LogitsTest,
                         testing::Values(Family{"llama", 0x78840da06edc12db},
                                         Family{"qwen2", 0xd7294eab5ea6d2a},
                                         Family{"qwen3", 0x65ecd56b1cbbe3d2},
                                         Family{"gpt2", 0x4744102b612aa4b8}),
                         [](const auto& tested) { return std::string(tested.param.architecture); });

TEST_P(LogitsTest, LogitsOfRandomWeightsAreTheSameEverywhere) {
  const TinyModelFile file({.architecture = GetParam().architecture});
  expect_hash_of_all_runs(file.path(), GetParam().hash);
}

TEST(LogitsOfRealModelsTest, Stories260KGivesTheSameLogitsEverywhere) {
  if (llama2c_folder().empty()) GTEST_SKIP() << "EVALZIP_TEST_DATA has no models of llama2.c";
  expect_hash_of_all_runs(Llama2cModel("stories260K.bin", "tok512.bin").path(), 0x3cca35ad5135eeb7);
}

// One run of each instruction set, no two alike.
TEST(LogitsOfRealModelsTest, Stories15MGivesTheSameLogitsEverywhere) {
  if (llama2c_folder().empty()) GTEST_SKIP() << "EVALZIP_TEST_DATA has no models of llama2.c";
  const Llama2cModel model("stories15M.bin.xz", "tokenizer.bin");
  const TransformerWeights weights(open_model_file(model.path()));
  constexpr std::uint64_t kHash = 0x47218f5e42cf5493;
  unsigned threads = 1;
  for (const EngineKernels& kernels : engine_kernels()) {
    expect_hash(weights, {&kernels, threads++, 64}, kHash);
  }
  expect_hash(weights, {&engine_kernels().back(), 2, 0, true}, kHash);
}

}  // namespace
}  // namespace evalzip
