// The laws of codecs/codec.h, for every codec that is registered here: those compiled in and every
// plugin of the build. Whoever registers a codec enrols it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "codecs/codec_spec.h"
#include "codecs/plugin.h"
#include "tests/guarded_buffer.h"
#include "tests/nasty_inputs.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

// What is left out, and why. Anything not named here is tested in full.
struct Exception {
  std::size_t large_size = 1'000'000;             // bytes of the large input
  std::map<std::string, std::string> usual = {};  // values where a test is not about settings
  std::map<std::string, std::int64_t> last_values = {};  // the last value to try, below the range's
  std::string unsafe_decoder = {};                       // why hostile input is not tried
};

std::string tiny_model() {
  static const TinyModelFile file({.architecture = "byte-llama"});
  return file.path().string();
}

std::string tiny_token_model() {
  static const TinyModelFile file({.architecture = "llama"});
  return file.path().string();
}

const std::map<std::string, Exception, std::less<>>& exceptions() {
  static const std::map<std::string, Exception, std::less<>> table = {
      // Memory, which is made and cleared for each codec, is about six times the block.
      {"bzip3",
       {.usual = {{"block", "1"}},
        .last_values = {{"block", 8}},
        .unsafe_decoder = "libbzip3 1.2.2 writes outside its buffer on hostile input "
                          "(CVE-2023-29421) and can hang (CVE-2023-29415)"}},
      // More workers than blocks only cost time.
      {"xz", {.last_values = {{"threads", 4}}}},
      {"zstd", {.last_values = {{"threads", 4}}}},
      // A model of random weights. Beyond that many segments nothing changes but the time.
      {"llm",
       {.large_size = 30'000,
        .usual = {{"model", tiny_model()}},
        .last_values = {{"segments", 9}, {"context", 70}, {"threads", 4}}}},
      {"llm of tokens",
       {.large_size = 30'000,
        .usual = {{"model", tiny_token_model()}, {"mix", "cm"}},
        .last_values = {{"segments", 9}, {"context", 70}, {"threads", 4}}}},
      // Seconds for each 100 kB, in proportion to the iterations.
      {"zopfli",
       {.large_size = 60'000,
        .usual = {{"iterations", "1"}},
        .last_values = {{"iterations", 3}, {"blocks", 20}}}},
  };
  return table;
}

Exception exception_of(const std::string& codec) {
  const auto it = exceptions().find(codec);
  return it == exceptions().end() ? Exception{} : it->second;
}

const Registry& every_codec() {
  static const Registry registry = [] {
    Registry codecs = builtin_codecs();
    for (const PluginFailure& failure : load_plugin_folder(codecs, EVALZIP_PLUGIN_FOLDER)) {
      ADD_FAILURE() << failure.file << ": " << failure.reason;
    }
    return codecs;
  }();
  return registry;
}

// A name in the table above may go on behind the codec's own: another usual setting of it.
const CodecInfo& codec_of(const std::string& name) {
  return *every_codec().find(name.substr(0, name.find(' ')));
}

std::vector<std::string> every_name() {
  std::vector<std::string> names;
  for (const CodecInfo& codec : every_codec().all()) names.push_back(codec.name);
  for (const auto& [name, exception] : exceptions()) {
    if (name.find(' ') != std::string::npos) names.push_back(name);
  }
  return names;
}

std::unique_ptr<Codec> make(const std::string& name) {
  const CodecInfo& codec = codec_of(name);
  return codec.make(Params(codec.name, codec.parameters, exception_of(name).usual));
}

// Encodes with `room` bytes of output; a touch outside is a crash or a failure here.
Result<Input> encode(Codec& codec, Bytes input, std::size_t room) {
  const GuardedBuffer guarded_input(input), output(room);
  const Result<std::size_t> written = codec.encode(guarded_input.bytes(), output.bytes());
  EXPECT_TRUE(output.intact()) << "encode wrote before its output";
  EXPECT_TRUE(std::ranges::equal(guarded_input.bytes(), input)) << "encode changed its input";
  if (!written) return written.error();
  EXPECT_LE(written.value(), room);
  const auto used = output.bytes().first(written.value());
  return Input(used.begin(), used.end());
}

Result<Input> encode(Codec& codec, Bytes input) {
  return encode(codec, input, codec.bound(input.size()));
}

// Decodes to exactly `size` bytes, or answers a Fault.
Result<Input> decode(Codec& codec, Bytes encoded, std::size_t size) {
  const GuardedBuffer input(encoded), output(size);
  const Result<std::size_t> written = codec.decode(input.bytes(), output.bytes());
  EXPECT_TRUE(output.intact()) << "decode wrote before its output";
  EXPECT_TRUE(std::ranges::equal(input.bytes(), encoded)) << "decode changed its input";
  if (!written) return written.error();
  EXPECT_EQ(written.value(), size) << "decode succeeded without filling its output";
  return Input(output.bytes().begin(), output.bytes().end());
}

void expect_round_trip(Codec& codec, Bytes input, const std::string& what) {
  SCOPED_TRACE(what);
  const Result<Input> encoded = encode(codec, input);
  ASSERT_TRUE(encoded) << "encode: " << to_string(encoded.error());
  const Result<Input> decoded = decode(codec, encoded.value(), input.size());
  ASSERT_TRUE(decoded) << "decode: " << to_string(decoded.error());
  ASSERT_TRUE(std::ranges::equal(decoded.value(), input)) << "decoded bytes differ";
}

// Every value of a small range; of a large one its ends, its preset and the last few.
std::vector<std::int64_t> values_to_try(const std::string& codec, const Parameter& parameter) {
  constexpr std::int64_t kMany = 32;
  const auto limits = exception_of(codec).last_values;
  const auto limit = limits.find(parameter.name);
  const std::int64_t last = limit == limits.end() ? parameter.last : limit->second;
  std::vector<std::int64_t> values{parameter.first, std::stoll(parameter.preset)};
  for (std::int64_t v = std::max(parameter.first + 1, last - kMany + 1); v <= last; ++v) {
    values.push_back(v);
  }
  return values;
}

std::vector<std::map<std::string, std::string>> settings_to_try(const std::string& name) {
  const CodecInfo& codec = codec_of(name);
  std::vector<std::map<std::string, std::string>> settings;
  for (const Parameter& parameter : codec.parameters) {
    if (parameter.kind == Parameter::Kind::integer) {
      for (const std::int64_t value : values_to_try(name, parameter)) {
        settings.push_back({{parameter.name, std::to_string(value)}});
      }
    }
    for (const std::string& choice : parameter.choices) {
      settings.push_back({{parameter.name, choice}});
    }
  }
  return settings;
}

// Texts have no values to try, but a codec may need one. Other choices are those of the name.
std::map<std::string, std::string> needed_words(const std::string& name) {
  std::map<std::string, std::string> words;
  const auto usual = exception_of(name).usual;
  for (const Parameter& parameter : codec_of(name).parameters) {
    const auto it = usual.find(parameter.name);
    if (parameter.kind != Parameter::Kind::integer && it != usual.end()) words.insert(*it);
  }
  return words;
}

class Conformance : public testing::TestWithParam<std::string> {
 protected:
  // Ends the test where the table above says that the decoder is not safe.
  bool safe_decoder() const { return exception_of(GetParam()).unsafe_decoder.empty(); }
  std::string why_unsafe() const { return exception_of(GetParam()).unsafe_decoder; }
};

TEST_P(Conformance, DecodesWhatItEncoded) {
  const auto codec = make(GetParam());
  for (const NamedInput& input : nasty_inputs()) {
    expect_round_trip(*codec, input.bytes, input.name);
    if (HasFatalFailure()) return;
  }
}

TEST_P(Conformance, DecodesEveryShortLength) {
  const auto codec = make(GetParam());
  const Input text = text_input(11, 300), noise = random_input(12, 300);
  for (std::size_t size = 0; size <= 300; size += size < 70 ? 1 : 7) {
    expect_round_trip(*codec, Bytes(text).first(size), "text of " + std::to_string(size));
    expect_round_trip(*codec, Bytes(noise).first(size), "noise of " + std::to_string(size));
    if (HasFatalFailure()) return;
  }
}

TEST_P(Conformance, DecodesALargeInput) {
  const auto codec = make(GetParam());
  const std::size_t size = exception_of(GetParam()).large_size;
  expect_round_trip(*codec, text_input(13, size), "large text");
  expect_round_trip(*codec, random_input(14, size), "large noise");
}

TEST_P(Conformance, DecodesUnderEverySetting) {
  const CodecInfo& info = codec_of(GetParam());
  const Input text = text_input(15, 12'000), noise = random_input(16, 5'000);
  for (auto setting : settings_to_try(GetParam())) {
    setting.merge(needed_words(GetParam()));
    const Params params(info.name, info.parameters, setting);
    SCOPED_TRACE(params.canonical());
    std::unique_ptr<Codec> codec;
    try {
      codec = info.make(params);
    } catch (const SpecError&) {
      continue;  // refused with a reason: allowed
    }
    expect_round_trip(*codec, text, "text");
    expect_round_trip(*codec, noise, "noise");
    expect_round_trip(*codec, {}, "empty");
    if (HasFatalFailure()) return;
  }
}

TEST_P(Conformance, TheSameInputGivesTheSameBytes) {
  const auto codec = make(GetParam());
  for (const NamedInput& input : nasty_inputs()) {
    SCOPED_TRACE(input.name);
    const Result<Input> first = encode(*codec, input.bytes);
    const Result<Input> again = encode(*codec, input.bytes);
    const Result<Input> fresh = encode(*make(GetParam()), input.bytes);
    ASSERT_TRUE(first && again && fresh);
    EXPECT_EQ(first.value(), again.value()) << "by the same instance";
    EXPECT_EQ(first.value(), fresh.value()) << "by a fresh instance";
  }
}

TEST_P(Conformance, TooLittleRoomIsRefusedAndForgotten) {
  const auto codec = make(GetParam());
  for (const Input& input : {text_input(17, 5'000), random_input(18, 3'000)}) {
    const Result<Input> whole = encode(*codec, input);
    ASSERT_TRUE(whole);
    const std::size_t size = whole.value().size();
    for (const std::size_t room : {size - 1, size - 2, size / 2, std::size_t{1}, std::size_t{0}}) {
      SCOPED_TRACE("room " + std::to_string(room) + " of " + std::to_string(size));
      const Result<Input> cut = encode(*codec, input, room);
      ASSERT_FALSE(cut);
      EXPECT_EQ(cut.error(), Fault::output_too_small);
      const Result<Input> after = encode(*codec, input);
      ASSERT_TRUE(after);
      EXPECT_EQ(after.value(), whole.value()) << "a refusal changed what comes next";
    }
  }
}

// A codec without an end mark cannot know the size, so it may fill the wrong one with something.
TEST_P(Conformance, AWrongOutputSizeStaysInside) {
  if (!safe_decoder()) GTEST_SKIP() << why_unsafe();
  const auto codec = make(GetParam());
  for (const Input& input : {text_input(19, 4'000), random_input(20, 1'000), Input(1)}) {
    const Result<Input> encoded = encode(*codec, input);
    ASSERT_TRUE(encoded);
    for (const std::size_t size : {input.size() - 1, input.size() + 1, input.size() / 2,
                                   2 * input.size() + 7, std::size_t{0}}) {
      static_cast<void>(decode(*codec, encoded.value(), size));
    }
    expect_round_trip(*codec, input, "afterwards");
  }
}

TEST_P(Conformance, TruncatedInputStaysInside) {
  if (!safe_decoder()) GTEST_SKIP() << why_unsafe();
  const auto codec = make(GetParam());
  const Input input = text_input(21, 3'000);
  const Result<Input> encoded = encode(*codec, input);
  ASSERT_TRUE(encoded);
  const Bytes whole = encoded.value();
  const std::size_t step = std::max<std::size_t>(1, whole.size() / 300);
  for (std::size_t size = 0; size < whole.size(); size += step) {
    SCOPED_TRACE(size);
    static_cast<void>(decode(*codec, whole.first(size), input.size()));
  }
  expect_round_trip(*codec, input, "afterwards");
}

TEST_P(Conformance, DamagedInputStaysInside) {
  if (!safe_decoder()) GTEST_SKIP() << why_unsafe();
  constexpr std::uint64_t kSeed = 22;
  const auto codec = make(GetParam());
  std::mt19937_64 random(kSeed);
  for (const Input& input : {text_input(23, 2'000), random_input(24, 500), Input(5'000)}) {
    const Result<Input> encoded = encode(*codec, input);
    ASSERT_TRUE(encoded);
    for (int round = 0; round < 300; ++round) {
      SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
      Input damaged = encoded.value();
      for (std::uint64_t flips = 1 + random() % 4; flips != 0; --flips) {
        damaged[random() % damaged.size()] ^= static_cast<std::byte>(1u << random() % 8);
      }
      static_cast<void>(decode(*codec, damaged, input.size()));
    }
  }
  expect_round_trip(*codec, text_input(25, 1'000), "afterwards");
}

TEST_P(Conformance, RandomBytesStayInside) {
  if (!safe_decoder()) GTEST_SKIP() << why_unsafe();
  const auto codec = make(GetParam());
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    static_cast<void>(decode(*codec, random_input(seed, seed), 997));
  }
  expect_round_trip(*codec, text_input(26, 1'000), "afterwards");
}

INSTANTIATE_TEST_SUITE_P(Codecs, Conformance, testing::ValuesIn(every_name()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::ranges::replace(name, '-', '_');
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

TEST(ConformanceItself, SeesEveryPluginOfTheBuild) {
  std::size_t plugins = 0;
  for (const auto& entry : std::filesystem::directory_iterator(EVALZIP_PLUGIN_FOLDER)) {
    plugins += entry.path().extension() == ".so";
  }
  const Registry builtin = builtin_codecs();
  EXPECT_GE(every_codec().all().size(), builtin.all().size() + plugins);
}

}  // namespace
}  // namespace evalzip
