#include "codecs/codec_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CodecInfo levelled(std::string name, std::int64_t first, std::int64_t last, std::string preset) {
  return {
      .name = std::move(name),
      .version = "1",
      .summary = "",
      .parameters =
          {{.name = "level",
            .summary = "",
            .first = first,
            .last = last,
            .choices = {},
            .preset = std::move(preset)},
           {.name = "long", .summary = "", .first = 0, .last = 31, .choices = {}, .preset = "0"}},
      .traits = {},
      .make = {}};
}

Registry some_codecs() {
  Registry registry;
  registry.add(levelled("zstd", -5, 22, "3"));
  registry.add(levelled("brotli", 0, 11, "6"));
  registry.add({.name = "rans",
                .version = "1",
                .summary = "",
                .parameters = {{.name = "order",
                                .summary = "",
                                .first = 0,
                                .last = 1,
                                .choices = {},
                                .preset = "0",
                                .always_named = true},
                               {.name = "model",
                                .summary = "",
                                .kind = Parameter::Kind::choice,
                                .choices = {"static", "adaptive"},
                                .preset = "static"}},
                .traits = {},
                .make = {}});
  registry.add(
      {.name = "store", .version = "1", .summary = "", .parameters = {}, .traits = {}, .make = {}});
  return registry;
}

std::vector<std::string> names(std::string_view text) {
  const Registry registry = some_codecs();
  std::vector<std::string> result;
  for (const CodecSpec& spec : parse_codec_list(registry, text)) result.push_back(spec.canonical());
  return result;
}

std::string refusal(std::string_view text) {
  try {
    names(text);
  } catch (const SpecError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CodecSpec, ANameAloneStandsForItsPreset) {
  EXPECT_THAT(names("zstd"), ElementsAre("zstd:3"));
  EXPECT_THAT(names("store"), ElementsAre("store"));
  EXPECT_THAT(names("rans"), ElementsAre("rans:order=0"));
}

TEST(CodecSpec, ALevelMayBeWrittenWithOrWithoutItsName) {
  EXPECT_THAT(names("zstd:19"), ElementsAre("zstd:19"));
  EXPECT_THAT(names("zstd:level=19"), ElementsAre("zstd:19"));
  EXPECT_THAT(names("zstd:-5"), ElementsAre("zstd:-5"));
}

TEST(CodecSpec, AListKeepsItsOrderAndDropsDuplicates) {
  EXPECT_THAT(names("zstd:19,brotli:5,zstd:19"), ElementsAre("zstd:19", "brotli:5"));
}

TEST(CodecSpec, AKeyAfterACommaBelongsToTheCodecBeforeIt) {
  EXPECT_THAT(names("zstd:19,long=27,brotli:5"), ElementsAre("zstd:19,long=27", "brotli:5"));
  EXPECT_THAT(names("rans:order=1,model=adaptive"), ElementsAre("rans:order=1,model=adaptive"));
}

TEST(CodecSpec, ARangeStandsForEachOfItsValues) {
  EXPECT_THAT(names("zstd:1..3"), ElementsAre("zstd:1", "zstd:2", "zstd:3"));
  EXPECT_THAT(names("zstd:-1..1"), ElementsAre("zstd:-1", "zstd:0", "zstd:1"));
  EXPECT_THAT(names("zstd:1..2,long=0..1"),
              ElementsAre("zstd:1", "zstd:1,long=1", "zstd:2", "zstd:2,long=1"));
}

TEST(CodecSpec, AllIsEveryCodecAtItsPreset) {
  EXPECT_THAT(names("all"), ElementsAre("zstd:3", "brotli:6", "rans:order=0", "store"));
}

TEST(CodecSpec, EqualValuesHaveOneName) {
  EXPECT_THAT(names("zstd:07,zstd:7,zstd:level=7,long=0"), ElementsAre("zstd:7"));
}

TEST(CodecSpec, AnUnknownCodecIsRefusedWithTheKnownOnes) {
  EXPECT_THAT(refusal("zstdd:3"), HasSubstr("there is no codec 'zstdd' (known: zstd, brotli"));
  EXPECT_THAT(refusal(""), HasSubstr("there is no codec ''"));
}

TEST(CodecSpec, AnUnknownKeyIsRefusedWithTheKnownOnes) {
  EXPECT_THAT(refusal("zstd:3,wide=2"), HasSubstr("no parameter 'wide' (known: level, long)"));
  EXPECT_THAT(refusal("store:x=1"), HasSubstr("it has no parameters"));
}

TEST(CodecSpec, AValueOutsideItsRangeIsRefusedWithTheRange) {
  EXPECT_THAT(refusal("zstd:23"), HasSubstr("level is '23'"));
  EXPECT_THAT(refusal("zstd:23"), HasSubstr("from -5 to 22"));
  EXPECT_THAT(refusal("zstd:fast"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("zstd:"), HasSubstr("level is ''"));
  EXPECT_THAT(refusal("zstd:99999999999999999999"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("rans:model=best"), HasSubstr("one of: static, adaptive"));
}

TEST(CodecSpec, ABareNumberExplainsHowToWriteLevels) {
  EXPECT_THAT(refusal("zstd:1,3"), HasSubstr("zstd:1..3"));
}

TEST(CodecSpec, MalformedListsAreRefused) {
  EXPECT_THAT(refusal("long=27"), HasSubstr("no codec before it"));
  EXPECT_THAT(refusal("zstd:3,level=4"), HasSubstr("given twice"));
  EXPECT_THAT(refusal("store:3"), HasSubstr("has no levels"));
  EXPECT_THAT(refusal("zstd:9..1"), HasSubstr("upwards"));
  EXPECT_THAT(refusal("zstd:0..999999999999"), HasSubstr("at most"));
}

TEST(CodecSpec, RangesThatMultiplyBeyondMeasureAreRefused) {
  const Registry registry = builtin_codecs();
  EXPECT_THROW(parse_codec_list(registry, "huffman:block=1..999,stride=1..999"), SpecError);
  EXPECT_THROW(
      parse_codec_list(registry, "huffman:block=-9223372036854775807..9223372036854775807"),
      SpecError);
  EXPECT_EQ(parse_codec_list(registry, "huffman:block=1..999").size(), 999u);
  EXPECT_THROW(parse_codec_list(registry, "huffman:block=9223372036854775806..9223372036854775807"),
               SpecError);
}

TEST(CodecSpec, ASingleSpecMayNotNameSeveralSettings) {
  const Registry registry = some_codecs();
  EXPECT_EQ(parse_codec_spec(registry, "zstd:4").canonical(), "zstd:4");
  EXPECT_THROW(parse_codec_spec(registry, "zstd:1..2"), SpecError);
}

TEST(Registry, ANameCanBeTakenOnlyOnce) {
  Registry registry = some_codecs();
  EXPECT_THROW(registry.add({.name = "zstd",
                             .version = "2",
                             .summary = "",
                             .parameters = {},
                             .traits = {},
                             .make = {}}),
               SpecError);
}

}  // namespace
}  // namespace evalzip
