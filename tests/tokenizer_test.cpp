#include "codecs/llm/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <string_view>

#include "codecs/llm/model_error.h"
#include "tests/nasty_inputs.h"
#include "tests/tiny_vocabularies.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Bytes bytes_of_text(const std::string& text) { return std::as_bytes(std::span(text)); }

std::unique_ptr<Tokenizer> tokenizer_of(const TinyVocabulary& vocabulary) {
  const std::vector<std::byte> bytes = vocabulary.gguf();  // gone when the tokenizer is used
  return make_tokenizer(parse_gguf(bytes, "tiny.gguf").metadata());
}

std::string refusal(const TinyVocabulary& vocabulary) {
  try {
    tokenizer_of(vocabulary);
    return "accepted";
  } catch (const ModelError& error) {
    return error.what();
  }
}

// The tokens' bytes between bars: what a text was cut into.
std::string cut(const Tokenizer& tokenizer, const std::string& text) {
  std::string result;
  for (const Symbol token : tokenizer.encode(bytes_of_text(text))) {
    const Bytes bytes = tokenizer.bytes_of(token);
    if (!result.empty()) result += '|';
    result.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return result;
}

const TinyVocabulary kStory =
    tiny_sentencepiece({"_t", "he", "_the", "_a", "ou", "_s",   "é",  "l",  "o", "h", "e", "_",
                        "t",  "u",  "hell", "ll", "__", "____", "ab", "bc", "a", "b", "c", "abc"});

const TinyVocabulary kWords =
    tiny_gpt2({"t h", "th e", "Ġ the", "h e", "l l", "he ll", "hell o", "Ġ Ġ", "1 2", "12 3"});

TEST(Sentencepiece, BestScoreIsJoinedFirst) {
  const auto tokenizer = tokenizer_of(kStory);
  // "_t" beats "he" beats the rest; "abc" is reached through "ab", which beats "bc".
  EXPECT_EQ(cut(*tokenizer, "the hello"), " the| |hell|o");
  EXPECT_EQ(cut(*tokenizer, "aabc"), " a|abc");
  EXPECT_EQ(tokenizer->begin_symbol(), 1u);
  EXPECT_EQ(tokenizer->vocabulary(), 259u + 24u);
}

TEST(Sentencepiece, CharactersWithoutATokenAreSpeltInBytes) {
  const auto tokenizer = tokenizer_of(kStory);
  EXPECT_THAT(tokenizer->encode(bytes_of_text("é")), ElementsAre(259 + 11, 259 + 6));
  EXPECT_THAT(tokenizer->encode(bytes_of_text("ü")), ElementsAre(259 + 11, 3 + 0xc3, 3 + 0xbc));
  // "s" is no token of its own, but a part of one.
  EXPECT_EQ(cut(*tokenizer, " s"), " | s");
  EXPECT_THAT(tokenizer->encode(bytes_of_text("as")), ElementsAre(259 + 3, 3 + 's'));
}

TEST(Sentencepiece, TheMarkOfASpaceInATextIsNoSpace) {
  const auto tokenizer = tokenizer_of(kStory);
  const std::string text = "\u2581the";
  EXPECT_THAT(tokenizer->encode(bytes_of_text(text)),
              ElementsAre(259 + 11, 3 + 0xe2, 3 + 0x96, 3 + 0x81, 259 + 12, 259 + 1));
}

TEST(Sentencepiece, ThePrefixIsOneSpaceUnlessTheFileSaysNo) {
  EXPECT_THAT(tokenizer_of(kStory)->prefix(), ElementsAre(std::byte{' '}));
  TinyVocabulary plain = kStory;
  plain.add_space = false;
  const auto tokenizer = tokenizer_of(plain);
  EXPECT_TRUE(tokenizer->prefix().empty());
  EXPECT_EQ(cut(*tokenizer, "the"), "t|he");
}

TEST(Sentencepiece, ControlTokensAreNeverGivenAndStandForNothing) {
  TinyVocabulary vocabulary = kStory;
  for (const char* part : {"<", "s", ">", "<s"}) vocabulary.add(part, -100);
  const auto tokenizer = tokenizer_of(vocabulary);
  EXPECT_EQ(cut(*tokenizer, "<s>"), " |<s|>");
  EXPECT_TRUE(tokenizer->bytes_of(1).empty());
  EXPECT_EQ(cut(*tokenizer, "<0x41>").find('A'), std::string::npos);
}

// What SentencePiece does, as llama2.c writes it down (A. Karpathy, 2023): all neighbours are tried
// at each step. Its own words, on texts; only for characters that are tokens.
std::vector<Symbol> textbook(const Tokenizer& tokenizer, const TinyVocabulary& vocabulary,
                             std::string text) {
  std::map<std::string, Symbol> tokens;
  for (Symbol token = 259; token < tokenizer.vocabulary(); ++token) {
    const Bytes bytes = tokenizer.bytes_of(token);
    tokens.emplace(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), token);
  }
  std::vector<std::string> parts;
  for (const char letter : " " + text) parts.emplace_back(1, letter);
  while (true) {
    std::size_t best = parts.size();
    float best_score = -1e30f;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto found = tokens.find(parts[i] + parts[i + 1]);
      if (found == tokens.end() || vocabulary.scores[found->second] <= best_score) continue;
      best = i;
      best_score = vocabulary.scores[found->second];
    }
    if (best == parts.size()) break;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  std::vector<Symbol> result;
  for (const std::string& part : parts) {
    const auto found = tokens.find(part);
    result.push_back(found != tokens.end() ? found->second
                                           : 3 + static_cast<unsigned char>(part[0]));
  }
  return result;
}

TEST(Sentencepiece, AgreesWithTheTextbookOnRandomVocabulariesAndTexts) {
  constexpr unsigned kSeed = 12;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 60; ++round) {
    TinyVocabulary vocabulary = tiny_sentencepiece({});
    const auto letters = [&](std::size_t size) {
      std::string text;
      for (std::size_t i = 0; i < size; ++i) text += "ab _"[random() % (round % 2 == 0 ? 2 : 3)];
      return text;
    };
    for (int i = 0; i < 40; ++i) {
      std::string token = letters(1 + random() % 6);
      std::ranges::replace(token, ' ', '_');
      TinyVocabulary one = tiny_sentencepiece({token});
      vocabulary.add(one.tokens.back(), -static_cast<float>(random() % 10));
    }
    const auto tokenizer = tokenizer_of(vocabulary);
    const std::string text = letters(1 + random() % 200);
    ASSERT_EQ(tokenizer->encode(bytes_of_text(text)), textbook(*tokenizer, vocabulary, text))
        << "seed " << kSeed << ", round " << round << ": " << text;
  }
}

TEST(Gpt2, MergesApplyInTheOrderOfTheirList) {
  const auto tokenizer = tokenizer_of(kWords);
  EXPECT_EQ(cut(*tokenizer, "the hello"), "the| |hello");
  EXPECT_EQ(cut(*tokenizer, " the the"), " the| the");
  EXPECT_EQ(tokenizer->begin_symbol(), 256u);
  EXPECT_TRUE(tokenizer->prefix().empty());
}

TEST(Gpt2, PiecesOfThePretokenizerAreNotJoined) {
  EXPECT_EQ(cut(*tokenizer_of(kWords), "123"), "123");
  TinyVocabulary digits = kWords;
  digits.pre = "smollm";
  EXPECT_EQ(cut(*tokenizer_of(digits), "123"), "1|2|3");
}

TEST(Gpt2, Llama3TakesAPieceThatIsATokenWhole) {
  TinyVocabulary vocabulary = kWords;
  vocabulary.add("xyz", 0);  // no merge leads to it
  EXPECT_EQ(cut(*tokenizer_of(vocabulary), "xyz"), "x|y|z");
  vocabulary.pre = "llama-bpe";
  EXPECT_EQ(cut(*tokenizer_of(vocabulary), "xyz"), "xyz");
}

TEST(Gpt2, EveryByteHasItsToken) {
  const auto tokenizer = tokenizer_of(kWords);
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::byte one{static_cast<unsigned char>(byte)};
    EXPECT_THAT(tokenizer->bytes_of(static_cast<Symbol>(byte)), ElementsAre(one));
    EXPECT_THAT(tokenizer->encode({&one, 1}), ElementsAre(byte));
  }
}

class EveryTokenizer : public testing::TestWithParam<const char*> {
 protected:
  static std::unique_ptr<Tokenizer> tokenizer() {
    const std::string name = GetParam();
    if (name == "llama") return tokenizer_of(kStory);
    TinyVocabulary vocabulary = kWords;
    vocabulary.pre = name;
    return tokenizer_of(vocabulary);
  }

  static void expect_round_trip(const Tokenizer& tokenizer, Bytes text) {
    const std::vector<Symbol> tokens = tokenizer.encode(text);
    for (const Symbol token : tokens) ASSERT_FALSE(tokenizer.bytes_of(token).empty());
    const std::vector<std::byte> back = tokenizer.decode(tokens);
    ASSERT_TRUE(std::ranges::equal(back, text));
  }
};

TEST_P(EveryTokenizer, RandomBytesComeBack) {
  const auto tokenizer = this->tokenizer();
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    expect_round_trip(*tokenizer, random_input(seed, seed, seed % 3 == 0 ? 256 : 128));
    expect_round_trip(*tokenizer, text_input(seed, seed));
  }
}

TEST_P(EveryTokenizer, EveryByteAndPairOfBytesComesBack) {
  const auto tokenizer = this->tokenizer();
  for (std::size_t pair = 0; pair < 65536; ++pair) {
    const std::byte bytes[] = {std::byte(pair >> 8), std::byte(pair & 255)};
    expect_round_trip(*tokenizer, Bytes(bytes).first(pair < 256 ? 1 : 2));
  }
}

TEST_P(EveryTokenizer, EdgesOfUtf8ComeBack) {
  const auto tokenizer = this->tokenizer();
  const std::vector<std::string> edges = {"",
                                          " ",
                                          "  ",
                                          "\n",
                                          "é",
                                          "\u2581",
                                          "\u2581\u2581 ",
                                          "\xc3",
                                          "\xa9",
                                          "\xe2\x96",
                                          "\xe2\x96\x81\x81",
                                          "\xed\xa0\x80",
                                          "\xf4\x90\x80\x80",
                                          "\xf0\x9f\x98\x80",
                                          "\xf0\x9f\x98",
                                          "\xc0\x80",
                                          "\xef\xbb\xbf",
                                          std::string("a\0b", 3),
                                          "<s>",
                                          "<0x41>",
                                          "<|endoftext|>",
                                          "the\xff",
                                          "\xffthe",
                                          "t\xcc\x81he"};
  for (const std::string& one : edges) {
    for (const std::string& other : edges) {
      SCOPED_TRACE(testing::PrintToString(one + other));
      expect_round_trip(*tokenizer, bytes_of_text(one + other));
    }
  }
}

TEST_P(EveryTokenizer, LongRunsComeBack) {
  const auto tokenizer = this->tokenizer();
  for (const std::string_view unit : {"a", " ", "\n", "the", "l", "é", "\xff", "\r\n", " 1", "'"}) {
    std::string text;
    while (text.size() < 300000) text += unit;
    SCOPED_TRACE(testing::PrintToString(unit));
    expect_round_trip(*tokenizer, bytes_of_text(text));
  }
}

TEST_P(EveryTokenizer, AnyTokensDecode) {
  const auto tokenizer = this->tokenizer();
  std::vector<Symbol> tokens;
  for (Symbol token = 0; token < tokenizer->vocabulary(); ++token) tokens.push_back(token);
  EXPECT_GE(tokenizer->decode(tokens).size(), 256u);
  EXPECT_TRUE(tokenizer->decode({}).empty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryTokenizer,
                         testing::Values("llama", "gpt-2", "smollm", "llama-bpe", "qwen2"),
                         [](const auto& kind) {
                           std::string name = kind.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Tokenizer, UnknownKindsAndRulesAreNamed) {
  TinyVocabulary vocabulary = kWords;
  vocabulary.pre = "tekken";
  EXPECT_THAT(refusal(vocabulary), AllOf(HasSubstr("\"tekken\""), HasSubstr("smollm")));
  vocabulary.model = "bert";
  EXPECT_THAT(refusal(vocabulary), AllOf(HasSubstr("\"bert\""), HasSubstr("gpt2")));
}

TEST(Tokenizer, VocabulariesThatCannotSpellAByteAreRefused) {
  TinyVocabulary pieces = kStory;
  pieces.types[3 + 0x0a] = 5;
  EXPECT_THAT(refusal(pieces), HasSubstr("0x0A"));
  TinyVocabulary words = kWords;
  words.tokens[0xff] = "Ā";  // again the token of byte 0
  EXPECT_THAT(refusal(words), HasSubstr("0xFF"));
}

TEST(Tokenizer, MetadataThatDoNotFitTogetherAreRefused) {
  TinyVocabulary vocabulary = kStory;
  vocabulary.scores.pop_back();
  EXPECT_THAT(refusal(vocabulary), HasSubstr("scores has 282 entries"));
  vocabulary = kStory;
  vocabulary.types.pop_back();
  EXPECT_THAT(refusal(vocabulary), HasSubstr("token_type has 282 entries"));
  vocabulary = kStory;
  vocabulary.types.back() = 9;
  EXPECT_THAT(refusal(vocabulary), HasSubstr("holds 9"));
  vocabulary = kStory;
  vocabulary.begin = 283;
  EXPECT_THAT(refusal(vocabulary), HasSubstr("bos_token_id is 283"));
  vocabulary = kWords;
  vocabulary.merges.push_back("nospace");
  EXPECT_THAT(refusal(vocabulary), HasSubstr("\"nospace\""));
}

TEST(Tokenizer, StrangeScoresAndMergesAreNoDanger) {
  TinyVocabulary vocabulary = kStory;
  vocabulary.scores[260] = std::numeric_limits<float>::quiet_NaN();
  vocabulary.scores[261] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(cut(*tokenizer_of(vocabulary), "the"), " the");
  TinyVocabulary words = kWords;
  words.merges = {"Ġ nowhere", "nowhere Ġ", "t h"};
  EXPECT_EQ(cut(*tokenizer_of(words), "the"), "th|e");
}

}  // namespace
}  // namespace evalzip
