#include "codecs/llm/pretokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codecs/llm/unicode_class.h"
#include "codecs/llm/utf8_character.h"
#include "tests/nasty_inputs.h"

namespace evalzip {
namespace {

using testing::ElementsAre;

std::vector<std::string> pieces(Pretokenizer rule, const std::string& text) {
  const Bytes bytes = std::as_bytes(std::span(text));
  std::vector<std::string> result;
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t size = piece_size(rule, bytes, position);
    result.push_back(text.substr(position, size));
    position += size;
  }
  return result;
}

TEST(Pretokenizer, Gpt2KeepsASpaceWithItsWord) {
  EXPECT_THAT(pieces(Pretokenizer::gpt2, "Hello world, it's 2024!"),
              ElementsAre("Hello", " world", ",", " it", "'s", " 2024", "!"));
  EXPECT_THAT(pieces(Pretokenizer::gpt2, "we'll WE'LL"),
              ElementsAre("we", "'ll", " WE", "'", "LL"));
}

TEST(Pretokenizer, ARunOfWhitespaceLeavesItsLastCharacterToTheWord) {
  EXPECT_THAT(pieces(Pretokenizer::gpt2, "a   b"), ElementsAre("a", "  ", " b"));
  EXPECT_THAT(pieces(Pretokenizer::gpt2, "a\n\nb"), ElementsAre("a", "\n", "\n", "b"));
  EXPECT_THAT(pieces(Pretokenizer::gpt2, "a \n "), ElementsAre("a", " \n "));
  EXPECT_THAT(pieces(Pretokenizer::llama3, "a   b"), ElementsAre("a", "  ", " b"));
  EXPECT_THAT(pieces(Pretokenizer::llama3, "a   1"), ElementsAre("a", "  ", " ", "1"));
}

TEST(Pretokenizer, SmollmIsolatesEveryNumber) {
  EXPECT_THAT(pieces(Pretokenizer::smollm, "in 1984, 3½"),
              ElementsAre("in", " ", "1", "9", "8", "4", ",", " ", "3", "½"));
  // A number ends the fragment, so the whole run of spaces before it is one piece.
  EXPECT_THAT(pieces(Pretokenizer::smollm, "a   1"), ElementsAre("a", "   ", "1"));
  EXPECT_THAT(pieces(Pretokenizer::smollm, "a   b"), ElementsAre("a", "  ", " b"));
}

TEST(Pretokenizer, Llama3TakesNumbersByThreesAndQwen2ByOnes) {
  EXPECT_THAT(pieces(Pretokenizer::llama3, "x 12345"), ElementsAre("x", " ", "123", "45"));
  EXPECT_THAT(pieces(Pretokenizer::qwen2, "x 123"), ElementsAre("x", " ", "1", "2", "3"));
}

TEST(Pretokenizer, NewerRulesKeepLineEndsWithSymbolsAndOneSymbolWithAWord) {
  EXPECT_THAT(pieces(Pretokenizer::llama3, "f(x);\n\ny"), ElementsAre("f", "(x", ");\n\n", "y"));
  EXPECT_THAT(pieces(Pretokenizer::llama3, "a  \n \n  b"), ElementsAre("a", "  \n \n", " ", " b"));
  EXPECT_THAT(pieces(Pretokenizer::llama3, "IT'S it'Ve"), ElementsAre("IT", "'S", " it", "'Ve"));
  EXPECT_THAT(pieces(Pretokenizer::qwen2, "\tif (a) {\r\n"),
              ElementsAre("\tif", " (", "a", ")", " {\r\n"));
}

TEST(Pretokenizer, LettersAreThoseOfUnicode) {
  EXPECT_THAT(pieces(Pretokenizer::gpt2, "élan Ωμέγα 漢字かな"),
              ElementsAre("élan", " Ωμέγα", " 漢字かな"));
  EXPECT_THAT(pieces(Pretokenizer::gpt2, "a\u2003b ٣٤ Ⅳ"),
              ElementsAre("a", "\u2003", "b", " ٣٤", " Ⅳ"));
}

TEST(Pretokenizer, PiecesTileAnyBytes) {
  constexpr std::uint64_t kSeed = 9;
  for (const auto rule :
       {Pretokenizer::gpt2, Pretokenizer::smollm, Pretokenizer::llama3, Pretokenizer::qwen2}) {
    for (std::uint64_t round = 0; round < 200; ++round) {
      const Input bytes = random_input(kSeed + round, 300, round % 2 == 0 ? 256 : 64);
      std::size_t position = 0;
      while (position < bytes.size()) {
        const std::size_t size = piece_size(rule, bytes, position);
        ASSERT_GT(size, 0u) << "seed " << kSeed + round;
        position += size;
      }
      ASSERT_EQ(position, bytes.size()) << "seed " << kSeed + round;
    }
  }
}

TEST(Pretokenizer, NamesOfGgufGiveTheirRule) {
  EXPECT_EQ(pretokenizer_called("gpt-2"), Pretokenizer::gpt2);
  EXPECT_EQ(pretokenizer_called("smollm"), Pretokenizer::smollm);
  EXPECT_EQ(pretokenizer_called("llama-bpe"), Pretokenizer::llama3);
  EXPECT_EQ(pretokenizer_called("qwen2"), Pretokenizer::qwen2);
  EXPECT_FALSE(pretokenizer_called("tekken").has_value());
}

TEST(UnicodeClass, KnowsTheEdgesOfItsRanges) {
  EXPECT_EQ(unicode_class_of('A'), UnicodeClass::letter);
  EXPECT_EQ(unicode_class_of('@'), UnicodeClass::other);
  EXPECT_EQ(unicode_class_of('0'), UnicodeClass::number);
  EXPECT_EQ(unicode_class_of(0xb2), UnicodeClass::number);  // superscript two, No
  EXPECT_EQ(unicode_class_of(0x301), UnicodeClass::other);  // a combining accent, Mn
  EXPECT_EQ(unicode_class_of(0x9fff), UnicodeClass::letter);
  EXPECT_EQ(unicode_class_of(0xd7a3), UnicodeClass::letter);
  EXPECT_EQ(unicode_class_of(0xd7a4), UnicodeClass::other);
  EXPECT_EQ(unicode_class_of(0x3000), UnicodeClass::whitespace);
  EXPECT_EQ(unicode_class_of(0x323af), UnicodeClass::letter);
  EXPECT_EQ(unicode_class_of(0x323b0), UnicodeClass::other);
  EXPECT_EQ(unicode_class_of(Utf8Character::kNone), UnicodeClass::other);
}

TEST(Utf8Character, OnlyWellFormedOnesAreCharacters) {
  const auto size_of = [](const std::string& text) {
    const Utf8Character one = read_character(std::as_bytes(std::span(text)), 0);
    return one.well_formed() ? static_cast<int>(one.size) : -1;
  };
  EXPECT_EQ(size_of("\x7f"), 1);
  EXPECT_EQ(size_of("\xc2\x80"), 2);
  EXPECT_EQ(size_of("\xe0\xa0\x80"), 3);
  EXPECT_EQ(size_of("\xf4\x8f\xbf\xbf"), 4);
  for (const std::string& bad :
       {std::string("\x80"), std::string("\xc0\x80"), std::string("\xc1\xbf"), std::string("\xc2"),
        std::string("\xc2\x41"), std::string("\xe0\x9f\xbf"), std::string("\xed\xa0\x80"),
        std::string("\xef\xbf"), std::string("\xf0\x8f\xbf\xbf"), std::string("\xf4\x90\x80\x80"),
        std::string("\xf5\x80\x80\x80"), std::string("\xff")}) {
    EXPECT_EQ(size_of(bad), -1) << testing::PrintToString(bad);
  }
}

}  // namespace
}  // namespace evalzip
