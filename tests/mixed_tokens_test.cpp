// A language model of tokens that guides context mixing: what was written comes back, on every
// machine, and nothing else is taken for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "codecs/cm_stream.h"
#include "codecs/codec_spec.h"
#include "codecs/llm/llm_stream.h"
#include "codecs/llm/mixed_header.h"
#include "codecs/llm/sha256.h"
#include "codecs/registry.h"
#include "harness/build_info.h"
#include "tests/llm_round_trip.h"
#include "tests/nasty_inputs.h"
#include "tests/real_models.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

using Mix = LlmOptions::Mix;

std::shared_ptr<const LanguageModel> tiny(const std::string& architecture = "llama",
                                          std::uint64_t seed = 1) {
  const TinyModelFile file({.architecture = architecture, .seed = seed});
  return load_language_model(file.path());
}

std::uint64_t status_bytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stoull(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

// The first test: memory that others have given back would not be seen to be taken.
TEST(MixedTokens, TakesTheMemoryItAnnounces) {
  if (build_info().sanitizers) GTEST_SKIP() << "the address sanitizer keeps memory of its own";
  const TinyModelFile file({.width = 64, .layers = 3, .context = 512, .words = 30'000});
  std::ofstream("/proc/self/clear_refs") << 5;
  if (status_bytes("VmHWM:") == 0) GTEST_SKIP() << "this system does not tell peak memory";
  const Input text = text_input(1, 100'000);
  Input output(LlmStream::bound(text.size()));
  std::ranges::fill(output, std::byte{1});
  const Registry codecs = builtin_codecs();
  const CodecInfo& llm = *codecs.find("llm");
  const Params params("llm", llm.parameters, {{"model", file.path()}, {"mix", "cm"}});
  const std::uint64_t before = status_bytes("VmRSS:");
  ASSERT_TRUE(llm.make(params)->encode(text, output));
  constexpr double kProgram = 3.5e6;  // announced too, and there before
  const double used = static_cast<double>(status_bytes("VmHWM:") - before) + kProgram;
  const double announced = static_cast<double>(llm.memory_bytes(params, text.size()));
  EXPECT_NEAR(used, announced, 0.05 * announced);
}

TEST(MixedTokens, EveryKernelAndThreadCountGivesAndReadsTheSameBytes) {
  const Input text = text_input(2, 4'000);
  for (const char* architecture : {"llama", "gpt2"}) {
    const auto model = tiny(architecture);
    for (const std::size_t segments : {1u, 2u, 7u}) {
      LlmStream plain(model, {.segments = segments, .mix = Mix::cm}, engine_kernels().front());
      const Input coded = encode(plain, text);
      EXPECT_EQ(coded.front(), MixedHeader::kTokenVersion);
      for (const EngineKernels& kernels : engine_kernels()) {
        for (const unsigned threads : {1u, 3u}) {
          SCOPED_TRACE(std::string(to_string(kernels.isa)) + ", threads " +
                       std::to_string(threads));
          LlmStream other(model, {.segments = segments, .threads = threads, .mix = Mix::cm},
                          kernels);
          EXPECT_TRUE(encode(other, text) == coded);
          expect_decodes(other, coded, text);
        }
      }
    }
  }
}

Input bytes_of(std::string_view text) {
  const Bytes bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<NamedInput> texts_of_many_kinds() {
  return {{"one byte", bytes_of("x")},
          {"a space", bytes_of(" ")},
          {"spaces", bytes_of("     the  the   the ")},
          {"a new line first", bytes_of("\nthe thin hen")},
          {"Cyrillic, Hebrew, Devanagari", bytes_of("Здравствуй, мир. שלום. नमस्ते.")},
          {"Japanese", bytes_of("こんにちは世界。")},
          {"beyond the basic plane", bytes_of("the \xf0\x9f\x99\x82\xf0\x9f\x91\x8d")},
          {"marks of spaces", bytes_of("naïve café \xe2\x96\x81\xe2\x96\x81the")},
          {"lone surrogates", bytes_of("the \xed\xa0\x80 \xed\xbf\xbf the \xc0\xaf \xf5\x80")},
          {"cut characters", bytes_of("\x80the\xe3\x81 the\xf0\x9f\x99")},
          {"names of bytes", bytes_of("<0x0A><s></s><unk> the <0xFF>")}};
}

TEST(MixedTokens, AnyBytesComeBackWhateverTheDecoderWouldHaveChosen) {
  std::vector<NamedInput> inputs = nasty_inputs();
  for (NamedInput& input : inputs)
    input.bytes.resize(std::min<std::size_t>(input.bytes.size(), 3'000));
  for (NamedInput& input : texts_of_many_kinds()) inputs.push_back(std::move(input));
  for (const char* architecture : {"llama", "gpt2", "qwen2"}) {
    const auto model = tiny(architecture);
    LlmStream decoder(model, {.segments = 3, .mix = Mix::none}, engine_kernels().back());
    for (const NamedInput& input : inputs) {
      SCOPED_TRACE(std::string(architecture) + ", " + input.name);
      for (const std::size_t segments : {0u, 1u, 5u}) {
        LlmStream coder(model, {.segments = segments, .mix = Mix::cm}, engine_kernels().back());
        expect_decodes(decoder, encode(coder, input.bytes), input.bytes);
      }
    }
  }
}

TEST(MixedTokens, SectionsFollowEachOtherInALongText) {
  LlmStream coder(tiny(), {.positions = 16, .mix = Mix::cm}, engine_kernels().back());
  const Input text = text_input(3, 2 * 65'536 + 1);
  expect_decodes(coder, encode(coder, text), text);
}

TEST(MixedTokens, AGuideThatKnowsNothingCostsLittle) {
  const Input text = text_input(4, 30'000);
  LlmStream coder(tiny(), {.segments = 1, .mix = Mix::cm}, engine_kernels().back());
  Input alone(ContextMixingCoder::bound(text.size()));
  ContextMixingCoder cm(6, engine_kernels().back().isa);
  const double size = static_cast<double>(cm.encode(text, alone).value());
  EXPECT_LE(static_cast<double>(encode(coder, text).size()), 1.08 * size + 64);
  EXPECT_LE(encode(coder, random_input(5, 20'000)).size(), 20'000u + 64);
}

TEST(MixedTokens, TakesWhatItsModelsSayAndLittleMore) {
  // Without two tokens of the same bytes, which count as one here.
  LlmStream coder(tiny("gpt2"), {.mix = Mix::cm}, engine_kernels().back());
  const Input text = text_input(6, 9'000);
  const LlmCodeLength measured = coder.code_length(text);
  LlmCodeLength length;
  Input room(LlmStream::bound(text.size()));
  const double size = 8.0 * static_cast<double>(coder.encode(text, room, &length).value());
  EXPECT_EQ(length.count_bits, measured.count_bits);
  EXPECT_EQ(length.multiply_adds, measured.multiply_adds);
  EXPECT_EQ(length.tokens, measured.tokens);
  const LlmCodeLength alone = coder.measure(text);
  EXPECT_NEAR(length.model_bits, alone.model_bits, 0.02 * alone.model_bits);
  EXPECT_GE(size, length.count_bits);
  EXPECT_LE(size, length.count_bits + 8.0 * 64);
}

TEST(MixedTokens, AnotherModelsStreamIsRefusedNamingBoth) {
  const Input text = text_input(7, 500);
  const auto model = tiny("llama", 1), other = tiny("llama", 2);
  LlmStream writer(model, {.mix = Mix::cm}, engine_kernels().back());
  LlmStream reader(other, {.mix = Mix::cm}, engine_kernels().back());
  const Input coded = encode(writer, text);
  Input decoded(text.size());
  try {
    (void)reader.decode(coded, decoded);
    FAIL() << "it was decoded";
  } catch (const WrongModel& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find(hexadecimal(model->id)), std::string::npos);
    EXPECT_NE(message.find(other->sha256), std::string::npos);
  }
}

TEST(MixedTokens, DamagedAndCutStreamsAreNeverMistaken) {
  LlmStream coder(tiny(), {.segments = 3, .mix = Mix::cm}, engine_kernels().back());
  const Input text = text_input(8, 600);
  const Input coded = encode(coder, text);
  expect_damage_is_noticed(coder, coded, text);
  Input of_bytes = coded, decoded(text.size());
  of_bytes.front() = MixedHeader::kVersion;
  EXPECT_EQ(coder.decode(of_bytes, decoded).error(), Fault::corrupt_input);
}

TEST(MixedTokens, AModelOfTokensIsMixedOnlyWhenAsked) {
  const TinyModelFile file({.architecture = "llama"});
  const Registry codecs = builtin_codecs();
  const CodecInfo& llm = *codecs.find("llm");
  const Input text = text_input(9, 2'000);
  const auto first_byte = [&](const std::string& mix) {
    Input room(LlmStream::bound(text.size()));
    const Params params("llm", llm.parameters, {{"model", file.path()}, {"mix", mix}});
    EXPECT_TRUE(llm.make(params)->encode(text, room));
    return room.front();
  };
  EXPECT_FALSE(MixedHeader::begins(first_byte("auto")));
  EXPECT_FALSE(MixedHeader::begins(first_byte("none")));
  EXPECT_EQ(first_byte("cm"), MixedHeader::kTokenVersion);
}

// The first bytes of a children's book, nearest to what the model has read.
Input book(std::size_t size) {
  Input bytes(size);
  const std::string archive =
      std::string(std::getenv("EVALZIP_TEST_DATA")) + "/corpora/canterbury.tar.gz";
  std::FILE* const pipe = popen(("tar -xzOf '" + archive + "' alice29.txt 2>&1").c_str(), "r");
  if (pipe == nullptr) return {};
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), pipe));
  pclose(pipe);
  return bytes;
}

TEST(MixedTokens, ABookTakesATwentiethLessThanWithEitherModelAlone) {
  if (llama2c_folder().empty()) GTEST_SKIP() << "EVALZIP_TEST_DATA has no models of llama2.c";
  const Llama2cModel file("stories260K.bin", "tok512.bin");
  const auto model = load_language_model(file.path());
  const Input text = book(20'000);
  if (text.size() < 20'000) GTEST_SKIP() << "EVALZIP_TEST_DATA has no alice29.txt";
  LlmStream mixed(model, {.mix = Mix::cm}, engine_kernels().back());
  LlmStream tokens(model, {.mix = Mix::none}, engine_kernels().back());
  const Input coded = encode(mixed, text);
  expect_decodes(tokens, coded, text);
  Input room(ContextMixingCoder::bound(text.size()));
  ContextMixingCoder cm(6, engine_kernels().back().isa);
  EXPECT_LT(20 * coded.size(), 19 * encode(tokens, text).size());
  EXPECT_LT(20 * coded.size(), 19 * cm.encode(text, room).value());
  for (const EngineKernels& kernels : engine_kernels()) {
    LlmStream other(model, {.threads = 2, .mix = Mix::cm}, kernels);
    EXPECT_TRUE(encode(other, text) == coded);
  }
}

}  // namespace
}  // namespace evalzip
