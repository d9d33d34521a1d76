// Codecs that are programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>

#include "codecs/command_definition.h"
#include "codecs/command_scratch.h"

namespace evalzip {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "(no error)";
}

std::unique_ptr<Codec> made(const std::string& text) {
  const CodecInfo info = command_codec(parse_command(text));
  return info.make(Params(info.name, info.parameters, {}));
}

std::vector<std::byte> sample(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * i >> 3);
  return bytes;
}

void expect_round_trip(Codec& codec, const std::vector<std::byte>& input) {
  std::vector<std::byte> encoded(codec.bound(input.size())), decoded(input.size());
  const auto size = codec.encode(input, encoded);
  ASSERT_TRUE(size.has_value());
  ASSERT_TRUE(codec.decode(std::span(encoded).first(size.value()), decoded).has_value());
  EXPECT_EQ(decoded, input);
}

TEST(CommandDefinition, WordsAreToldApartAsAShellDoesIt) {
  const CommandDefinition command = parse_command(
      R"(cmd:name=a;encode='my program'  -x "a \"b\" c" d\ e '' {in};decode=cat;suffix=.x)");
  EXPECT_THAT(command.encode, ElementsAre("my program", "-x", "a \"b\" c", "d e", "", "{in}"));
  EXPECT_THAT(command.decode, ElementsAre("cat"));
  EXPECT_EQ(command.suffix, ".x");
}

TEST(CommandDefinition, QuotesKeepASemicolonInACommand) {
  EXPECT_THAT(parse_command("cmd:name=a;encode=sh -c 'cat; true';decode=cat").encode,
              ElementsAre("sh", "-c", "cat; true"));
}

TEST(CommandDefinition, ItsTextIsItself) {
  const std::string text =
      "cmd:name=a;encode=xz -{level} -c;decode='x y' {out};suffix=.z;level=0..9/6";
  const CommandDefinition command = parse_command(text);
  EXPECT_EQ(command_text(parse_command(command_text(command))), command_text(command));
  EXPECT_EQ(command.levels->preset, 6);
}

TEST(CommandDefinition, WhatIsNoneIsRefusedWithAnExample) {
  for (const char* bad :
       {"cmd:", "cmd:name=a", "cmd:name=A;encode=cat;decode=cat", "cmd:name=a;encode=cat",
        "cmd:name=a;encode='cat;decode=cat", "cmd:name=a;encode=cat;decode=cat;colour=red",
        "cmd:name=a;encode=cat {level};decode=cat", "cmd:name=a;encode=cat;decode=cat;level=1..9/5",
        "cmd:name=a;encode=cat {level};decode=cat;level=9..1/5", "cmd:name=a;encode=;decode=cat",
        "cmd:name=a;encode=cat;decode=cat;suffix=a/b", "cmd:name=a;encode=cat \xff;decode=cat",
        "cmd:{\"name\": 7}", "cmd:{", "xz"}) {
    EXPECT_THROW(parse_command(bad), SpecError) << bad;
  }
  EXPECT_THAT(message([] { parse_command("cmd:name=a;encode=cat"); }),
              AllOf(HasSubstr("no decode command"), HasSubstr("cmd:name=xz;")));
}

TEST(CommandDefinition, AFileHoldsManyAndErrorsNameIt) {
  const auto commands = parse_commands(
      R"([{"name": "a", "encode": ["my tool", "{in}"], "decode": "cat", "note": "any"}])",
      "f.json");
  EXPECT_THAT(commands.at(0).encode, ElementsAre("my tool", "{in}"));
  EXPECT_THAT(message([] { parse_commands("[", "f.json"); }), HasSubstr("f.json: "));
  EXPECT_THAT(message([] { parse_commands(R"([{"name": "a"}])", "f.json"); }),
              HasSubstr("f.json: "));
}

TEST(CommandDefinition, ProgramsAreLookedForInPathOnly) {
  CommandDefinition command = parse_command("cmd:name=a;encode=cat;decode=cat");
  EXPECT_TRUE(find_programs(command));
  command.decode = {"there-is-no-such-program"};
  EXPECT_FALSE(find_programs(command));
  command.decode = {"./nor/this"};
  EXPECT_FALSE(find_programs(command));
}

TEST(CommandCodec, FilesAndStandardStreamsServe) {
  for (const char* text :
       {"cmd:name=a;encode=cat;decode=cat", "cmd:name=a;encode=cat {in};decode=cat {in}",
        "cmd:name=a;encode=cp {in} {out};decode=cp {in} {out};suffix=.copy",
        "cmd:name=a;encode=sh -c 'cp {in} {out}; echo {in}';decode=cat"}) {
    const auto codec = made(text);
    for (const std::size_t size : {0u, 1u, 100u, 300'000u}) expect_round_trip(*codec, sample(size));
  }
}

TEST(CommandCodec, AFailureIsToldInTheProgramsOwnWords) {
  std::vector<std::byte> output(1 << 21);
  const auto failing = made("cmd:name=a;encode=sh -c 'echo no luck >&2; exit 3';decode=cat");
  EXPECT_THAT(message([&] { (void)failing->encode(sample(10), output); }),
              AllOf(HasSubstr("exited with code 3"), HasSubstr("(no luck)")));
  const auto killed = made("cmd:name=a;encode=sh -c 'kill -9 $$';decode=cat");
  EXPECT_THAT(message([&] { (void)killed->encode(sample(10), output); }), HasSubstr("signal 9"));
  const auto lazy = made("cmd:name=a;encode=true {out};decode=cat");
  EXPECT_THAT(message([&] { (void)lazy->encode(sample(10), output); }), HasSubstr("left no file"));
  const auto absent = made("cmd:name=a;encode=there-is-no-such-program;decode=cat");
  EXPECT_THAT(message([&] { (void)absent->encode(sample(10), output); }),
              HasSubstr("cannot start"));
}

TEST(CommandCodec, MoreOrLessThanAskedForIsAFault) {
  const auto longer = made("cmd:name=a;encode=cat;decode=sh -c 'cat; echo more'");
  const auto shorter = made("cmd:name=a;encode=cat;decode=true");
  const auto input = sample(50);
  std::vector<std::byte> output(50);
  EXPECT_FALSE(longer->decode(input, output).has_value());
  EXPECT_FALSE(shorter->decode(input, output).has_value());
  std::vector<std::byte> little(10);
  EXPECT_EQ(longer->encode(input, little).error(), Fault::output_too_small);
}

TEST(CommandCodec, LeavesNoFilesBehind) {
  {
    const auto first = made("cmd:name=a;encode=cat;decode=cat");
    const auto second = made("cmd:name=b;encode=sh -c 'touch more; cat';decode=cat");
    expect_round_trip(*first, sample(10));
    expect_round_trip(*second, sample(10));
    EXPECT_TRUE(std::filesystem::exists(command_scratch(getpid())));
  }
  EXPECT_FALSE(std::filesystem::exists(command_scratch(getpid())));
}

TEST(CommandCodec, TheFoldersOfTheDeadAreCleared) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  std::filesystem::create_directories(command_scratch(child) / "inside");
  std::filesystem::create_directories(command_scratch(getpid()));
  remove_stale_command_scratch();
  EXPECT_FALSE(std::filesystem::exists(command_scratch(child)));
  EXPECT_TRUE(std::filesystem::exists(command_scratch(getpid())));
  remove_command_scratch(getpid());
}

TEST(CommandCodec, AnotherDefinitionIsAnotherVersion) {
  const CodecInfo one = command_codec(parse_command("cmd:name=a;encode=cat;decode=cat"));
  const CodecInfo other = command_codec(parse_command("cmd:name=a;encode=cat -u;decode=cat"));
  EXPECT_NE(one.version, other.version);
}

}  // namespace
}  // namespace evalzip
