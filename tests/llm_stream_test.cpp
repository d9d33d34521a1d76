// The language-model coder: what it wrote comes back, however it is batched.
#include "codecs/llm/llm_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>

#include "tests/llm_round_trip.h"
#include "tests/nasty_inputs.h"
#include "tests/real_models.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

constexpr std::string_view kStory =
    "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. "
    "One day, she saw a big, red ball. She wanted to play with it, but it was too high. Her mom "
    "said, \"Lily, let's go to the park.\" Lily was sad and did not know what to do.";

Input bytes_of(std::string_view text) {
  const Bytes bytes = std::as_bytes(std::span(text));
  return Input(bytes.begin(), bytes.end());
}

std::shared_ptr<const LanguageModel> tiny(const std::string& architecture) {
  const TinyModelFile file({.architecture = architecture});
  return load_language_model(file.path());
}

class LlmStreamTest : public testing::TestWithParam<const char*> {
 protected:
  std::shared_ptr<const LanguageModel> model_ = tiny(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Families, LlmStreamTest,
                         testing::Values("llama", "qwen2", "qwen3", "gpt2", "byte-llama"));

TEST_P(LlmStreamTest, EveryKernelThreadCountAndBatchGivesAndReadsTheSameBytes) {
  const Input text = text_input(1, 3000);
  LlmStream plain(model_, {.segments = 7, .positions = 64}, engine_kernels().front());
  const Input encoded = encode(plain, text);
  for (const EngineKernels& kernels : engine_kernels()) {
    for (const unsigned threads : {1u, 2u, 3u}) {
      SCOPED_TRACE(std::string(to_string(kernels.isa)) + ", threads " + std::to_string(threads));
      LlmStream other(model_, {.segments = 7, .positions = 64, .threads = threads}, kernels);
      EXPECT_TRUE(encode(other, text) == encoded);
      expect_decodes(other, encoded, text);
    }
  }
}

TEST(LlmStreamOfARealModel, AStoryTakesLessThanTwoBitsAByte) {
  if (llama2c_folder().empty()) GTEST_SKIP() << "EVALZIP_TEST_DATA has no stories260K";
  const Llama2cModel file("stories260K.bin", "tok512.bin");
  LlmStream coder(load_language_model(file.path()), {}, engine_kernels().back());
  const Input story = bytes_of(kStory);
  const LlmCodeLength length = coder.measure(story);
  RecordProperty("model_bits", std::to_string(length.model_bits));
  RecordProperty("count_bits", std::to_string(length.count_bits));
  const Input encoded = encode(coder, story);
  EXPECT_LT(length.model_bits, 2.0 * static_cast<double>(story.size()));
  EXPECT_NEAR(length.count_bits, length.model_bits, 0.001 * static_cast<double>(length.tokens));
  const double overhead = 8.0 * static_cast<double>(encoded.size()) - length.count_bits;
  EXPECT_GE(overhead, 0);
  EXPECT_LE(overhead, 8.0 * 16);  // the header and the end
  expect_decodes(coder, encoded, story);
}

TEST_P(LlmStreamTest, TextTakesWhatTheModelSaysAndLittleMore) {
  LlmStream coder(model_, {.segments = 1, .mix = LlmOptions::Mix::none}, engine_kernels().back());
  const Input text = text_input(3, 2000);
  LlmCodeLength while_encoding;
  Input room(LlmStream::bound(text.size()));
  const Result<std::size_t> size = coder.encode(text, room, &while_encoding);
  ASSERT_TRUE(size);
  const LlmCodeLength measured = coder.measure(text);
  EXPECT_EQ(while_encoding.model_bits, measured.model_bits);
  EXPECT_EQ(while_encoding.count_bits, measured.count_bits);
  EXPECT_LT(size.value(), text.size());
  EXPECT_NEAR(8.0 * static_cast<double>(size.value()), measured.count_bits, 8.0 * 20);
}

// What a product of the engine calls, and how often.
std::atomic<int> products_made;

void counted_product(const Int8Product& product) {
  ++products_made;
  int8_product_portable(product);
}

TEST_P(LlmStreamTest, ShortSegmentsShareBatches) {
  EngineKernels counting = engine_kernels().front();
  counting.product = counted_product;
  const auto products = [&](std::size_t segments) {
    LlmStream coder(model_, {.segments = segments, .mix = LlmOptions::Mix::none}, counting);
    products_made = 0;
    encode(coder, text_input(1, 400));
    return products_made.load();
  };
  EXPECT_LT(5 * products(16), 6 * products(1));
}

TEST_P(LlmStreamTest, ItTakesTheMemoryThatItSays) {
  const TinyModelFile file({.architecture = GetParam()});
  const ModelFile model = open_model_file(file.path());
  const auto bytes = [&](std::size_t segments) {
    return LlmStream::memory_bytes(model, {.segments = segments, .mix = LlmOptions::Mix::none},
                                   64 * 65);
  };
  const TransformerShape shape = read_transformer_shape(model);
  const std::uint64_t numbers = 2 * shape.layers * shape.context * shape.key_width();
  EXPECT_GE(bytes(64) - bytes(63), numbers);
  EXPECT_GE(LlmStream::segment_bytes(model), numbers);
  EXPECT_LE(LlmStream::segment_bytes(model), 3 * numbers);
  EXPECT_LE(bytes(64) - bytes(63), 3 * numbers);
  EXPECT_GE(bytes(1), TransformerWeights::bytes(shape));
}

TEST_P(LlmStreamTest, AnyBytesComeBack) {
  LlmStream coder(model_, {.positions = 64}, engine_kernels().back());
  for (const NamedInput& input : nasty_inputs()) {
    const std::size_t size = std::min<std::size_t>(input.bytes.size(), 2000);
    const Input bytes(input.bytes.begin(), input.bytes.begin() + static_cast<std::ptrdiff_t>(size));
    SCOPED_TRACE(input.name);
    expect_decodes(coder, encode(coder, bytes), bytes);
  }
}

TEST_P(LlmStreamTest, AnotherModelsStreamIsRefusedByName) {
  LlmStream coder(model_, {}, engine_kernels().back());
  const Input story = bytes_of(kStory);
  Input encoded = encode(coder, story);
  encoded[1] ^= std::byte{1};
  Input decoded(story.size());
  EXPECT_THROW((void)coder.decode(encoded, decoded), WrongModel);
}

TEST_P(LlmStreamTest, DamagedAndCutStreamsAreNeverMistaken) {
  LlmStream coder(model_, {.segments = 3, .positions = 64}, engine_kernels().back());
  const Input text = text_input(2, 400);
  const Input encoded = encode(coder, text);
  Input decoded(text.size());
  for (std::size_t size = 0; size < encoded.size(); size += 5) {
    EXPECT_FALSE(coder.decode(Bytes(encoded).first(size), decoded)) << size;
  }
  for (std::size_t at = 9; at < encoded.size(); at += 3) {
    Input damaged = encoded;
    damaged[at] ^= std::byte{0x10};
    const Result<std::size_t> result = coder.decode(damaged, decoded);
    EXPECT_FALSE(result.has_value() && decoded == text) << at;
  }
}

}  // namespace
}  // namespace evalzip
