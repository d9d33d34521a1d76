// A byte-level language model that guides context mixing: what was written comes back, on every
// machine, and nothing else is taken for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "codecs/cm_stream.h"
#include "codecs/context/content_detector.h"
#include "codecs/llm/llm_stream.h"
#include "codecs/llm/mixed_header.h"
#include "tests/llm_round_trip.h"
#include "tests/nasty_inputs.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

std::shared_ptr<const LanguageModel> tiny(const std::string& architecture = "byte-llama",
                                          std::uint64_t seed = 1) {
  const TinyModelFile file({.architecture = architecture, .seed = seed});
  return load_language_model(file.path());
}

Input joined(std::initializer_list<Input> inputs) {
  Input all;
  for (const Input& input : inputs) all.insert(all.end(), input.begin(), input.end());
  return all;
}

TEST(MixedStream, EveryKernelAndThreadCountGivesAndReadsTheSameBytes) {
  const auto model = tiny();
  const Input text = text_input(1, 5'000);
  for (const std::size_t segments : {1u, 2u, 7u}) {
    LlmStream plain(model, {.segments = segments}, engine_kernels().front());
    const Input coded = encode(plain, text);
    EXPECT_EQ(coded.front(), MixedHeader::kVersion);
    for (const EngineKernels& kernels : engine_kernels()) {
      for (const unsigned threads : {1u, 3u}) {
        SCOPED_TRACE(std::string(to_string(kernels.isa)) + ", threads " + std::to_string(threads));
        LlmStream other(model, {.segments = segments, .threads = threads}, kernels);
        EXPECT_TRUE(encode(other, text) == coded);
        expect_decodes(other, coded, text);
      }
    }
  }
}

TEST(MixedStream, AnyBytesComeBackWhateverTheDecoderWouldHaveChosen) {
  const auto model = tiny();
  LlmStream decoder(model, {.segments = 3, .mix = LlmOptions::Mix::none}, engine_kernels().back());
  for (const NamedInput& input : nasty_inputs()) {
    const std::size_t size = std::min<std::size_t>(input.bytes.size(), 3'000);
    const Input bytes(input.bytes.begin(), input.bytes.begin() + static_cast<std::ptrdiff_t>(size));
    SCOPED_TRACE(input.name);
    for (const std::size_t segments : {0u, 1u, 5u}) {
      LlmStream coder(model, {.segments = segments}, engine_kernels().back());
      expect_decodes(decoder, encode(coder, bytes), bytes);
    }
  }
}

TEST(MixedStream, SectionsFollowEachOtherInALongText) {
  LlmStream coder(tiny(), {.positions = 16}, engine_kernels().back());
  const Input text = text_input(2, 3 * 65'536 + 1);
  expect_decodes(coder, encode(coder, text), text);
}

TEST(MixedStream, TextBetweenOtherBytesIsTakenOut) {
  LlmStream coder(tiny(), {.positions = 16}, engine_kernels().back());
  constexpr std::size_t kWindow = 65'536;  // of the detector
  const Input text = text_input(3, kWindow), noise = random_input(4, kWindow);
  for (const Input& input :
       {joined({noise, text, Input(kWindow), text_input(5, 1'000)}), joined({text, noise})}) {
    const Input coded = encode(coder, input);
    EXPECT_LT(coded.size(), kWindow + kWindow * 7 / 10);
    expect_decodes(coder, coded, input);
  }
}

TEST(MixedStream, WhatDoesNotShrinkCostsAHeader) {
  LlmStream coder(tiny(), {}, engine_kernels().back());
  EXPECT_LE(encode(coder, random_input(6, 100'000)).size(), 100'000u + 64);
  EXPECT_LE(encode(coder, random_input(7, 1)).size(), 1u + 64);
  EXPECT_LE(encode(coder, Input(100'000)).size(), 64u);
  Input odd = random_input(8, 20'000, 128);  // text by its letters, but of no order
  for (std::byte& byte : odd) byte |= std::byte{0x80};
  EXPECT_LE(encode(coder, odd).size(), 20'000u + 64);
}

// A picture of noise behind some letters without order and a header as unlike others as may be.
Input letters_and_picture(std::size_t letters, std::mt19937_64& random) {
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  const auto blank = [&] { return " \n\r"[below(3)]; };
  std::string text;
  for (std::size_t i = 0; i < letters; ++i) text += static_cast<char>(32 + below(224));
  const std::size_t columns = 50 + below(50), rows = 21 + below(79);
  (text += "P5") += blank();
  (text += std::to_string(columns)) += blank();
  (text += std::to_string(rows)) += blank();
  (text += std::to_string(1 + below(9))) += static_cast<char>(128 + below(128));
  const Bytes bytes = std::as_bytes(std::span(text));
  return joined({{bytes.begin(), bytes.end()}, random_input(random(), columns * rows)});
}

std::size_t images_in(const Input& input) {
  const auto segments =
      detect_content({reinterpret_cast<const std::uint8_t*>(input.data()), input.size()});
  return static_cast<std::size_t>(std::ranges::count(segments, Content::image, &Segment::content));
}

// Such texts shrink by about as much as it takes to say where they are.
TEST(MixedStream, ManyPartsDoNotExceedTheBound) {
  LlmStream coder(tiny(), {.positions = 16}, engine_kernels().back());
  for (const std::size_t pictures : {1u, 5u, 25u}) {
    for (const std::size_t letters : {0u, 20u, 50u}) {
      std::mt19937_64 random(100 * pictures + letters);
      Input input;
      for (std::size_t i = 0; i < pictures; ++i) {
        input = joined({input, letters_and_picture(letters, random)});
      }
      SCOPED_TRACE(std::to_string(pictures) + ", each behind letters: " + std::to_string(letters));
      EXPECT_EQ(images_in(input), pictures);
      const Input coded = encode(coder, input);
      EXPECT_LE(coded.size(), MixedBlock::bound(input.size()));
      expect_decodes(coder, coded, input);
    }
  }
}

TEST(MixedStream, AGuideThatKnowsNothingCostsLittle) {
  const Input text = text_input(9, 30'000);
  LlmStream coder(tiny(), {.segments = 1}, engine_kernels().back());
  Input alone(ContextMixingCoder::bound(text.size()));
  ContextMixingCoder cm(6, engine_kernels().back().isa);
  const double size = static_cast<double>(cm.encode(text, alone).value());
  EXPECT_LE(static_cast<double>(encode(coder, text).size()), 1.03 * size + 64);
}

TEST(MixedStream, TakesWhatItsModelsSayAndLittleMore) {
  LlmStream coder(tiny(), {}, engine_kernels().back());
  for (const Input& input : {text_input(10, 9'000), random_input(11, 9'000, 30)}) {
    const LlmCodeLength measured = coder.code_length(input);
    const double bits = measured.count_bits;
    LlmCodeLength length;
    Input room(LlmStream::bound(input.size()));
    const double size = 8.0 * static_cast<double>(coder.encode(input, room, &length).value());
    EXPECT_TRUE(length.tokens == 0 || length.count_bits == bits);
    EXPECT_EQ(length.multiply_adds, length.tokens == 0 ? 0 : measured.multiply_adds);
    const LlmCodeLength alone = coder.measure(input);
    if (length.tokens > 0) {
      EXPECT_NEAR(length.model_bits, alone.model_bits, 0.02 * alone.model_bits);
    }
    EXPECT_GE(size, bits);
    EXPECT_LE(size, bits + 8.0 * 64);
  }
}

TEST(MixedStream, AnotherModelsStreamIsRefusedByName) {
  const Input text = text_input(12, 500);
  LlmStream writer(tiny("byte-llama", 1), {}, engine_kernels().back());
  LlmStream reader(tiny("byte-llama", 2), {}, engine_kernels().back());
  LlmStream token_reader(tiny("llama"), {}, engine_kernels().back());
  const Input coded = encode(writer, text);
  Input decoded(text.size());
  EXPECT_THROW((void)reader.decode(coded, decoded), WrongModel);
  EXPECT_THROW((void)token_reader.decode(coded, decoded), WrongModel);
}

TEST(MixedStream, DamagedAndCutStreamsAreNeverMistaken) {
  LlmStream coder(tiny(), {.segments = 3}, engine_kernels().back());
  const Input text = text_input(13, 600);
  const Input coded = encode(coder, text);
  expect_damage_is_noticed(coder, coded, text);
}

TEST(MixedHeader, ComesBackAndStatesOnlyWhatCanBe) {
  const MixedHeader good{
      .positions = 64, .level = 6, .segments = 2, .parts = {0, 10, 5, 3}, .text_payload = 4};
  const auto read = [](const MixedHeader& header, std::size_t size) {
    Input bytes = header.written();
    bytes.resize(bytes.size() + 4);
    Bytes rest = bytes;
    return MixedHeader::read(rest, size);
  };
  ASSERT_TRUE(read(good, 18));
  EXPECT_EQ(read(good, 18)->parts, good.parts);
  EXPECT_EQ(read(good, 18)->segments, 2u);
  EXPECT_FALSE(read(good, 17)) << "parts beyond the end";
  EXPECT_FALSE(read(good, 19));
  const auto refused = [&](auto change) {
    MixedHeader header = good;
    change(header);
    return !read(header, 18);
  };
  EXPECT_TRUE(refused([](MixedHeader& h) { h.positions = 3; }));
  EXPECT_TRUE(refused([](MixedHeader& h) { h.level = 3; }));
  EXPECT_TRUE(refused([](MixedHeader& h) { h.level = 10; }));
  EXPECT_TRUE(refused([](MixedHeader& h) { h.segments = 0; }));
  EXPECT_TRUE(refused([](MixedHeader& h) { h.segments = 6; })) << "more than bytes of text";
  EXPECT_TRUE(refused([](MixedHeader& h) { h.text_payload = 5; })) << "more than there is";
  EXPECT_TRUE(refused([](MixedHeader& h) { h.parts = {8, 0, 10}; })) << "an empty part";
}

TEST(MixedHeader, OfOnePartTakesNoMoreThanTheBoundAllows) {
  constexpr std::size_t kHuge = std::size_t{1} << 56;
  for (const std::vector<std::size_t>& parts :
       {std::vector{kHuge}, std::vector<std::size_t>{0, kHuge}}) {
    const MixedHeader header{.positions = std::size_t{1} << 20,
                             .level = 9,
                             .segments = kHuge,
                             .parts = parts,
                             .text_payload = kHuge};
    EXPECT_LE(header.written().size(), MixedHeader::kShort);
  }
}

TEST(MixedStream, PositionsThatTheModelWasNotTrainedForAreNoInput) {
  LlmStream coder(tiny(), {.segments = 1}, engine_kernels().back());
  const Input text = text_input(14, 300);
  const Input coded = encode(coder, text);
  Bytes rest = coded;
  MixedHeader header = *MixedHeader::read(rest, text.size());
  header.positions = 65;
  Input longer = header.written();
  longer.insert(longer.end(), rest.begin(), rest.end());
  Input decoded(text.size());
  EXPECT_EQ(coder.decode(longer, decoded).error(), Fault::unsupported_input);
}

}  // namespace
}  // namespace evalzip
