// The model that comes with the program: it is what its manifest says, the engine multiplies the
// integers that were trained, and text takes less than with context mixing alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "codecs/cm_stream.h"
#include "codecs/codec_spec.h"
#include "codecs/llm/llm_stream.h"
#include "codecs/llm/sha256.h"
#include "codecs/registry.h"
#include "corpora/model_store.h"
#include "harness/build_info.h"
#include "tests/llm_round_trip.h"
#include "tests/nasty_inputs.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

fs::path model_path() {
  return fs::path(EVALZIP_SHIPPED_MODELS) / (std::string(kBundledModel) + ".gguf");
}

Input contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const Bytes bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Input document(const std::string& name) {
  return contents_of(fs::path(EVALZIP_SHIPPED_MODELS).parent_path() / "docs" / name);
}

// The first test: memory that others have given back would not be seen to be taken.
std::uint64_t status_bytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stoull(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

TEST(BundledModel, TakesTheMemoryItAnnounces) {
  if (build_info().sanitizers) GTEST_SKIP() << "the address sanitizer keeps memory of its own";
  std::ofstream("/proc/self/clear_refs") << 5;
  if (status_bytes("VmHWM:") == 0) GTEST_SKIP() << "this system does not tell peak memory";
  const Input text = text_input(2, 300'000);
  Input output(LlmStream::bound(text.size()));
  std::ranges::fill(output, std::byte{1});
  const Registry codecs = builtin_codecs();
  const CodecInfo& llm = *codecs.find("llm");
  const Params params("llm", llm.parameters, {{"model", model_path()}});
  const std::uint64_t before = status_bytes("VmRSS:");
  ASSERT_TRUE(llm.make(params)->encode(text, output));
  const double used = static_cast<double>(status_bytes("VmHWM:") - before);
  const double announced = static_cast<double>(llm.memory_bytes(params, text.size()));
  EXPECT_NEAR(used, announced, 0.05 * announced);
}

TEST(BundledModel, LiesBesideItsManifestAndIsTheOneThatItStates) {
  CorpusPlaces places;
  places.models = {EVALZIP_SHIPPED_MODELS};
  places.offline = true;
  Progress progress;
  const ModelManifest manifest = model_manifest_called(kBundledModel, places);
  EXPECT_EQ(locate_model(manifest, places), model_path());
  const FoundModel found = verify_model(manifest, places, progress);
  EXPECT_TRUE(found.verified) << found.why;
  EXPECT_LE(found.size, 8'000'000u);
  EXPECT_EQ(manifest.parameters, TransformerWeights(open_model_file(model_path())).parameters());
}

// The integer at a row of a tensor of Q8_0: blocks of a scale and 32 integers.
std::int8_t stored(const TensorView& tensor, std::size_t row, std::size_t place) {
  const Bytes block = tensor.row(row).subspan(place / 32 * 34, 34);
  return static_cast<std::int8_t>(block[2 + place % 32]);
}

std::int8_t multiplied(const PackedMatrix& matrix, std::size_t column, std::size_t place) {
  const Int8Product product = matrix.product(column / kPanelColumns, 1);
  return product.panels[place / kQuadDepth * kQuadBytes + column % kPanelColumns * kQuadDepth +
                        place % kQuadDepth];
}

std::size_t differences(const ModelFile& file, const std::string& name, const PackedMatrix& matrix,
                        std::size_t (*column_of)(std::size_t)) {
  const TensorView& tensor = file.tensor(name);
  std::size_t different = 0;
  for (std::size_t row = 0; row < tensor.rows(); ++row) {
    for (std::size_t place = 0; place < tensor.columns(); ++place) {
      different += stored(tensor, row, place) == multiplied(matrix, column_of(row), place) ? 0 : 1;
    }
  }
  return different;
}

TEST(BundledModel, TheEngineMultipliesTheVeryIntegersOfTheFile) {
  const ModelFile file = open_model_file(model_path());
  const TransformerWeights weights(open_model_file(model_path()));
  const auto in_order = [](std::size_t row) { return row; };
  const auto gate = [](std::size_t row) { return row / 16 * 32 + row % 16; };
  const auto value = [](std::size_t row) { return row / 16 * 32 + row % 16 + 16; };
  EXPECT_EQ(differences(file, "output.weight", weights.head().matrix, in_order), 0u);
  for (std::size_t i = 0; i < weights.layers().size(); ++i) {
    const LayerWeights& layer = weights.layers()[i];
    const std::string name = "blk." + std::to_string(i) + ".";
    EXPECT_EQ(differences(file, name + "attn_qkv.weight", layer.query_key_value.matrix, in_order),
              0u);
    EXPECT_EQ(
        differences(file, name + "attn_output.weight", layer.attention_output.matrix, in_order),
        0u);
    EXPECT_EQ(differences(file, name + "ffn_gate.weight", layer.feed_forward_in.matrix, gate), 0u);
    EXPECT_EQ(differences(file, name + "ffn_up.weight", layer.feed_forward_in.matrix, value), 0u);
    EXPECT_EQ(differences(file, name + "ffn_down.weight", layer.feed_forward_out.matrix, in_order),
              0u);
  }
}

TEST(BundledModel, EnglishTakesATenthLessThanWithContextMixingAlone) {
  LlmStream coder(load_language_model(model_path()), {}, preferred_engine_kernels());
  for (const char* name : {"method.md", "corpora.md"}) {
    const Input text = document(name);
    ASSERT_GT(text.size(), 5'000u) << name;
    const Input coded = encode(coder, text);
    Input alone(ContextMixingCoder::bound(text.size()));
    ContextMixingCoder cm(6, preferred_isa());
    EXPECT_LT(coded.size() * 10, cm.encode(text, alone).value() * 9) << name;
    expect_decodes(coder, coded, text);
  }
}

// Every machine writes these bytes. They change with the model or the arithmetic, whose version
// (mixed_header.h) then changes too.
TEST(BundledModel, EveryInstructionSetWritesTheSameBytesAsEverBefore) {
  const auto model = load_language_model(model_path());
  const Input text = text_input(1, 6'000);
  for (const EngineKernels& kernels : engine_kernels()) {
    LlmStream coder(model, {.threads = kernels.isa == Isa::portable ? 1u : 2u}, kernels);
    const Input coded = encode(coder, text);
    EXPECT_EQ(hexadecimal(sha256_of(coded)).substr(0, 16), "31a757f56e55f883")
        << to_string(kernels.isa);
    expect_decodes(coder, coded, text);
  }
}

TEST(BundledModel, EveryKindOfDataComesBack) {
  LlmStream coder(load_language_model(model_path()), {}, preferred_engine_kernels());
  for (const NamedInput& input : nasty_inputs()) {
    const std::size_t size = std::min<std::size_t>(input.bytes.size(), 4'000);
    const Input bytes(input.bytes.begin(), input.bytes.begin() + static_cast<std::ptrdiff_t>(size));
    SCOPED_TRACE(input.name);
    expect_decodes(coder, encode(coder, bytes), bytes);
  }
}

}  // namespace
}  // namespace evalzip
