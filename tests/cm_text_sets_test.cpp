// Kinds of text: what encloses a place, characters, and which set is chosen.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/cm_header.h"
#include "codecs/cm_stream.h"
#include "codecs/context/code_points.h"
#include "codecs/context/nesting.h"
#include "codecs/context/strong_model.h"
#include "tests/nasty_inputs.h"

namespace evalzip {
namespace {

Nesting after(std::string_view text) {
  Nesting nesting;
  for (const char c : text) nesting.follow(static_cast<std::uint8_t>(c));
  return nesting;
}

TEST(Nesting, KnowsTheKeyOfAValueWhateverCameBefore) {
  const Nesting first = after(R"({"a": 1, "name": )");
  const Nesting second = after(R"({"b": [1, 2, {"c": "d, \"e\": {"}], "name": )");
  EXPECT_EQ(first.key(), second.key());
  EXPECT_EQ(first.depth(), second.depth());
  EXPECT_NE(first.key(), after(R"({"a": 1, "other": )").key());
}

TEST(Nesting, TellsTheKeyThatComesNextByTheOneBefore) {
  EXPECT_EQ(after(R"({"a": 1,)").key(), after(R"({"x": 5, "a": "b, c",)").key());
  EXPECT_NE(after(R"({"a": 1,)").key(), after(R"({"a": )").key());
}

TEST(Nesting, KeepsTheKeyOfAListThroughIt) {
  EXPECT_EQ(after(R"({"list": [1, )").key(), after(R"({"list": [1, 22, 333, )").key());
}

TEST(Nesting, OpensAndClosesElements) {
  EXPECT_EQ(after("<a><b>").key(), after("<a><c x='1'>text</c><d/><b>").key());
  EXPECT_EQ(after("<a><b>").depth(), 2u);
  EXPECT_EQ(after("<a><b></b></a>").depth(), 0u);
  EXPECT_EQ(after("<a><img src=\"x\"/>").depth(), 1u);
  EXPECT_NE(after("<a x=\"").key(), after("<a y=\"").key());
}

TEST(Nesting, CountsFieldsAndWordsOfALine) {
  EXPECT_EQ(after("1,\"two, and a half\",3,").field(), 3u);
  EXPECT_EQ(after("x\ny;z;").field(), 2u);
  EXPECT_EQ(after("10:15:02 host sshd").token(), 4u);
  EXPECT_EQ(after("a\t12").in_field(), after("bcd\t12").in_field());
}

TEST(Nesting, ForgetsWhatNeverClosedWhereALineBeginsAnew) {
  EXPECT_EQ(after("a [b {c <d\ne").depth(), 0u);
  EXPECT_EQ(after("it's 5\" wide\nx, y").key(), after("x, y").key());
}

TEST(Nesting, SurvivesAnyBytes) {
  Nesting nesting;
  for (const std::byte byte : random_input(5, 200'000)) {
    nesting.follow(std::to_integer<std::uint32_t>(byte));
    ASSERT_LE(nesting.depth(), 31u);
  }
  nesting.follow('\n');
  for (int i = 0; i < 1000; ++i) nesting.follow('{');
  EXPECT_EQ(nesting.depth(), 31u);
}

CodePoints read(std::string_view text) {
  CodePoints points;
  for (const char c : text) points.follow(static_cast<std::uint8_t>(c));
  return points;
}

TEST(CodePoints, AreReadFromOneToFourBytes) {
  EXPECT_EQ(read("a").last(), 'a');
  EXPECT_EQ(read("\u0436").last(), 0x436u);
  EXPECT_EQ(read("\u65e5\u672c").last(), 0x672cu);
  EXPECT_EQ(read("\u65e5\u672c").last(1), 0x65e5u);
  EXPECT_EQ(read("\U0001f600").last(), 0x1f600u);
  EXPECT_EQ(read("\u65e5\xe6\x9c").missing(), 1u);
  EXPECT_EQ(read("x\xe6\x9c").context(1), read("abcx\xe6\x9c").context(1));
  EXPECT_NE(read("x\xe6\x9c").context(1), read("x\xe6\x9d").context(1));
}

TEST(CodePoints, GoOnBehindBytesThatAreNone) {
  EXPECT_EQ(read("\xff\x80\xc0\xe6"
                 "a")
                .last(),
            'a');
  EXPECT_EQ(read("\xe6\u0436").last(), 0x436u);
  EXPECT_EQ(read("\xe6\x9c"
                 "b")
                .missing(),
            0u);
}

TEST(CodePoints, HaveSmallLettersAndScripts) {
  EXPECT_EQ(small_letter('Q'), 'q');
  EXPECT_EQ(small_letter(0x416), 0x436u);
  EXPECT_EQ(small_letter(0x3a9), 0x3c9u);
  EXPECT_EQ(small_letter(0x65e5), 0x65e5u);
  EXPECT_EQ(script_of(0x436), Script::letter);
  EXPECT_EQ(script_of(0x3042), Script::kana);
  EXPECT_EQ(script_of(0x65e5), Script::ideograph);
  EXPECT_EQ(script_of(0x3002), Script::none);
  EXPECT_EQ(script_of('7'), Script::digit);
}

Input json(std::size_t records) {
  std::string text = "[\n";
  std::uint32_t state = 7;
  const auto next = [&](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  constexpr std::string_view kLetters = "abcdefghijklmnop";
  for (std::size_t i = 0; i < records; ++i) {
    std::string name;
    for (int k = 0; k < 5; ++k) name += kLetters[next(16)];
    text += " {\"id\": " + std::to_string(1000 + i) + ", \"name\": \"" + name +
            "\", \"size\": " + std::to_string(next(90)) + ", \"tags\": [\"" + kLetters[next(3)] +
            "\", " + std::to_string(next(7)) + "]},\n";
  }
  Input input(text.size());
  std::ranges::transform(text, input.begin(), [](char c) { return static_cast<std::byte>(c); });
  return input;
}

// Words of a language that does not exist, some at the beginnings of sentences.
Input cyrillic(std::size_t words) {
  Input input;
  std::uint32_t state = 3;
  const auto next = [&](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  bool capital = true;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint32_t word = next(20) * next(20);
    for (std::uint32_t k = 0; k < 3 + word % 5; ++k) {
      const std::uint32_t letter =
          (capital && k == 0 ? 0x410 : 0x430) + (word * 7 + k * k * 5) % 32;
      input.push_back(static_cast<std::byte>(0xc0 | letter >> 6));
      input.push_back(static_cast<std::byte>(0x80 | (letter & 63)));
    }
    capital = next(8) == 0;
    if (capital) input.push_back(std::byte{'.'});
    input.push_back(std::byte{' '});
  }
  return input;
}

struct There {
  std::size_t size;
  std::vector<Segment> segments;
};

There there_and_back(const Input& input) {
  Input stream(ContextMixingCoder::bound(input.size()));
  const auto size = ContextMixingCoder(4, preferred_isa()).encode(input, stream);
  EXPECT_TRUE(size);
  stream.resize(size.value());
  Input back(input.size());
  EXPECT_TRUE(ContextMixingCoder(4, preferred_isa()).decode(stream, back));
  EXPECT_TRUE(back == input);
  return {stream.size(), read_cm_header(stream, input.size()).value().header.segments};
}

TEST(TextChoice, TakesMarkupAndOtherLanguagesForWhatTheyAre) {
  EXPECT_EQ(there_and_back(json(1'500)).segments.front().content, Content::markup);
  EXPECT_EQ(there_and_back(cyrillic(10'000)).segments.front().content, Content::multilingual);
  EXPECT_EQ(there_and_back(text_input(1, 70'000)).segments.front().content, Content::text);
}

TEST(TextChoice, APartTooShortToEarnAChangeOfSetsStaysWithItsText) {
  Input block = text_input(1, 4 << 16);
  const Input more = json(1'000);
  block.insert(block.end(), more.begin(), more.end());
  const There there = there_and_back(block);
  ASSERT_EQ(there.segments.size(), 1u);
  EXPECT_EQ(there.segments[0].content, Content::text);
}

// The same lines behind noise: sets are in use, or not, for the whole block.
TEST(TextChoice, APartGoesBackToASetInUseWhichItWouldNotChangeTo) {
  const auto last_content = [](Input block) {
    for (const Input& more : {random_input(3, 2 << 16), json(1'000)}) {
      block.insert(block.end(), more.begin(), more.end());
    }
    const There there = there_and_back(block);
    EXPECT_EQ(there.segments.size(), 3u);
    EXPECT_EQ(there.segments[1].content, Content::stored);
    return there.segments.back().content;
  };
  Input markup = json(4'000);
  markup.resize(3 << 16);
  EXPECT_EQ(last_content(text_input(1, 3 << 16)), Content::text);
  EXPECT_EQ(last_content(markup), Content::markup);
}

TEST(TextChoice, AFewLinesOfProseStayWithTheirMarkup) {
  Input block = text_input(1, 500);
  const Input more = json(1'500);
  block.insert(block.end(), more.begin(), more.end());
  const There there = there_and_back(block);
  ASSERT_EQ(there.segments.size(), 1u);
  EXPECT_EQ(there.segments[0].content, Content::markup);
}

// As the decoder does it: the bytes to come are not there yet.
TEST(TextSets, SeeOnlyThePast) {
  for (const Content content : {Content::text, Content::markup, Content::multilingual}) {
    for (const Input& input : {json(30), cyrillic(200), random_input(4, 2'000)}) {
      std::vector<std::uint8_t> bytes(input.size()), written(input.size(), 0xee);
      std::ranges::transform(input, bytes.begin(), std::to_integer<std::uint8_t>);
      const StrongModel::Size size{.line_bits = 12, .match_bits = 12};
      StrongModel all(bytes.data(), size, preferred_isa());
      StrongModel some(written.data(), size, preferred_isa());
      all.begin({.content = content, .size = bytes.size()});
      some.begin({.content = content, .size = bytes.size()});
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (unsigned bit = 8; bit-- > 0;) {
          ASSERT_EQ(all.probability_of_one(), some.probability_of_one()) << i;
          all.update((bytes[i] >> bit & 1u) != 0);
          some.update((bytes[i] >> bit & 1u) != 0);
        }
        written[i] = bytes[i];
        all.next_byte();
        some.next_byte();
      }
    }
  }
}

}  // namespace
}  // namespace evalzip
