#include "codecs/plugin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <new>

#include "codecs/codec_spec.h"
#include "codecs/plugin_abi.h"

namespace evalzip {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// Set by CMake: each plugin NAME lies at NAME/NAME.so.
std::filesystem::path plugin(const std::string& name) {
  return std::filesystem::path(EVALZIP_TEST_PLUGINS) / name / (name + ".so");
}

std::string refusal(const std::filesystem::path& file) {
  Registry registry = builtin_codecs();
  const std::size_t before = registry.all().size();
  try {
    load_plugin(registry, file);
  } catch (const SpecError& error) {
    EXPECT_EQ(registry.all().size(), before) << "a refused plugin left codecs behind";
    return error.what();
  }
  return "accepted";
}

Registry good_codecs() {
  Registry registry;
  load_plugin(registry, plugin("good"));
  return registry;
}

std::unique_ptr<Codec> make(const Registry& registry, std::string_view text) {
  const CodecSpec spec = parse_codec_spec(registry, text);
  return spec.codec->make(spec.params);
}

TEST(Plugin, ItsCodecsAreAddedInItsOrder) {
  const Registry registry = good_codecs();
  std::vector<std::string> names;
  for (const CodecInfo& codec : registry.all()) names.push_back(codec.name);
  EXPECT_THAT(names, ElementsAre("copy", "parameters", "liar", "status"));
}

TEST(Plugin, ALargerStructOfALaterAbiIsAccepted) {
  const Registry registry = good_codecs();
  const auto codec = make(registry, "copy");
  const std::vector<std::byte> input(100, std::byte{7});
  std::vector<std::byte> encoded(codec->bound(100)), output(100);
  EXPECT_EQ(codec->encode(input, encoded).value(), 100u);
  EXPECT_EQ(codec->decode(encoded, output).value(), 100u);
  EXPECT_EQ(output, input);
}

TEST(Plugin, EmptySpansReachItAsPointersThatAreNotNull) {
  const Registry registry = good_codecs();
  const auto codec = make(registry, "copy");  // its memcpy of null would trip the sanitizer
  EXPECT_EQ(codec->encode({}, {}).value(), 0u);
  EXPECT_EQ(codec->decode({}, {}).value(), 0u);
}

TEST(Plugin, TraitsAreTranslatedBitByBit) {
  const Registry registry = good_codecs();
  const Traits copy = registry.find("copy")->traits;
  EXPECT_FALSE(copy.bit_exact);
  EXPECT_FALSE(copy.needs_model);
  EXPECT_FALSE(copy.needs_gpu);
  EXPECT_TRUE(copy.multithreaded);
  EXPECT_TRUE(copy.state_per_call);
  EXPECT_TRUE(registry.find("liar")->traits.bit_exact);
}

TEST(Plugin, ParametersBecomeRowsAndTheirValuesReachCreate) {
  const Registry registry = good_codecs();
  const std::vector<Parameter>& rows = registry.find("parameters")->parameters;
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].name, "level");
  EXPECT_EQ(rows[0].first, -5);
  EXPECT_EQ(rows[0].last, 9);
  EXPECT_EQ(rows[0].preset, "3");
  std::vector<std::byte> output(2);
  EXPECT_TRUE(make(registry, "parameters:7,tail=200")->encode({}, output));
  EXPECT_THAT(output, ElementsAre(std::byte{7}, std::byte{200}));
  EXPECT_TRUE(make(registry, "parameters")->encode({}, output));
  EXPECT_THAT(output, ElementsAre(std::byte{3}, std::byte{0}));
  EXPECT_THROW(make(registry, "parameters:10"), SpecError);
}

TEST(Plugin, CreateThatRefusesSaysWhy) {
  const Registry registry = good_codecs();
  try {
    make(registry, "parameters:0");
    FAIL() << "accepted";
  } catch (const SpecError& error) {
    EXPECT_STREQ(error.what(), "parameters: level 0 is refused; write level 1");
  }
}

TEST(Plugin, CreateThatFailsWithoutAReasonIsOutOfMemory) {
  const Registry registry = good_codecs();
  EXPECT_THROW(make(registry, "parameters:-1"), std::bad_alloc);
}

TEST(Plugin, WritingMoreThanTheRoomIsAnInternalError) {
  const Registry registry = good_codecs();
  std::vector<std::byte> output(10);
  EXPECT_EQ(make(registry, "liar")->encode({}, output).error(), Fault::internal_error);
}

TEST(Plugin, EachStatusHasItsFaultAndAnUnknownOneIsInternal) {
  const Registry registry = good_codecs();
  const auto codec = make(registry, "status");
  const auto answer = [&](int status) {
    const std::vector<std::byte> input{static_cast<std::byte>(status)};
    EXPECT_EQ(codec->encode(input, {}).error(), codec->decode(input, {}).error());
    return codec->encode(input, {}).error();
  };
  EXPECT_EQ(answer(EVALZIP_CORRUPT), Fault::corrupt_input);
  EXPECT_EQ(answer(EVALZIP_TOO_SMALL), Fault::output_too_small);
  EXPECT_EQ(answer(EVALZIP_UNSUPPORTED), Fault::unsupported_input);
  EXPECT_EQ(answer(EVALZIP_INTERNAL), Fault::internal_error);
  EXPECT_EQ(answer(77), Fault::internal_error);
  EXPECT_EQ(answer(-1), Fault::internal_error);
  EXPECT_THROW(answer(EVALZIP_NO_MEMORY), std::bad_alloc);
}

TEST(Plugin, ARefusalNamesTheFileAndTheReason) {
  const auto refused = [](const std::string& name, const std::string& reason) {
    EXPECT_THAT(refusal(plugin(name)), AllOf(HasSubstr(name + ".so"), HasSubstr(reason)));
  };
  refused("no_symbol", "no function evalzip_plugin");
  refused("other_version", "does not serve plugin ABI version 1");
  refused("smaller_codec", "where at least");
  refused("smaller_parameter", "where at least");
  refused("null_function", "null: every field but 'parameters' must be set");
  refused("bad_name", "[a-z0-9_-]");
  refused("reserved_name", "'all'");
  refused("bad_preset", "preset 10 outside 1 to 9");
  refused("twin_parameters", "two parameters are named level");
  refused("duplicate", "two codecs are named 'duplicate'");
}

TEST(Plugin, ANameThatIsTakenIsRefused) {
  Registry registry = good_codecs();
  EXPECT_THROW(load_plugin(registry, plugin("good")), SpecError);
  EXPECT_THAT(registry.all(), SizeIs(4));
}

TEST(Plugin, AFileThatIsMissingOrNoSharedObjectIsRefused) {
  EXPECT_THAT(refusal("/nowhere/missing.so"), HasSubstr("/nowhere/missing.so"));
  const auto text = std::filesystem::path(testing::TempDir()) / "not_a_shared_object.so";
  std::ofstream(text) << "text";
  EXPECT_THAT(refusal(text), HasSubstr("not_a_shared_object.so"));
}

TEST(PluginFolder, LoadsInNameOrderAndReturnsWhatFailed) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "evalzip_plugin_folder";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::copy(plugin("bad_name"), folder / "a.so");
  std::filesystem::copy(plugin("good"), folder / "b.so");
  std::filesystem::copy(plugin("good"), folder / "c.so");
  std::ofstream(folder / "readme.txt") << "no plugin";
  Registry registry;
  const std::vector<PluginFailure> failures = load_plugin_folder(registry, folder);
  EXPECT_THAT(registry.all(), SizeIs(4));
  ASSERT_THAT(failures, SizeIs(2));
  EXPECT_EQ(failures[0].file, folder / "a.so");
  EXPECT_THAT(failures[0].reason, HasSubstr("[a-z0-9_-]"));
  EXPECT_EQ(failures[1].file, folder / "c.so");
  EXPECT_THAT(failures[1].reason, HasSubstr("two codecs are named 'copy'"));
}

TEST(PluginFolder, OneThatDoesNotExistHoldsNone) {
  Registry registry;
  EXPECT_TRUE(load_plugin_folder(registry, "/nowhere/at/all").empty());
  EXPECT_TRUE(registry.all().empty());
}

}  // namespace
}  // namespace evalzip
