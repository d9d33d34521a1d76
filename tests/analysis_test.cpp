// Estimators against sources whose truth is known, and small facts against slow counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "bounds/document_analysis.h"
#include "bounds/sampling_error.h"
#include "bounds/suffix_array.h"
#include "corpora/synthetic.h"
#include "harness/split_mix.h"

namespace evalzip {
namespace {

Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string random_text(SplitMix64& random, std::size_t size, unsigned alphabet) {
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('a' + random.next() % alphabet);
  return text;
}

// Texts in which sorting has to look far: repeats, runs, and chance.
std::vector<std::string> texts() {
  std::vector<std::string> all{"", "a", "aa", "ab", "ba", "mississippi", std::string(300, 'x')};
  SplitMix64 random(7);
  for (std::size_t size = 1; size < 200; size += 3) {
    for (const unsigned alphabet : {1u, 2u, 3u, 26u}) {
      all.push_back(random_text(random, size, alphabet));
    }
  }
  std::string fibonacci = "b", next = "a";
  while (next.size() < 2000) fibonacci = std::exchange(next, next + fibonacci);
  all.push_back(next);
  return all;
}

TEST(SuffixArray, IsTheOrderOfTheSuffixes) {
  for (const std::string& text : texts()) {
    std::vector<std::int32_t> expected(text.size());
    std::iota(expected.begin(), expected.end(), 0);
    std::sort(expected.begin(), expected.end(), [&](std::int32_t a, std::int32_t b) {
      return text.compare(static_cast<std::size_t>(a), std::string::npos, text,
                          static_cast<std::size_t>(b), std::string::npos) < 0;
    });
    ASSERT_EQ(suffix_array(bytes_of(text)), expected) << text;
  }
}

TEST(SuffixArray, OrdersBytesAboveAsciiAsUnsigned) {
  EXPECT_THAT(suffix_array(bytes_of("\xff\x01\x80")), testing::ElementsAre(1, 2, 0));
}

TEST(MatchLengths, AreThoseOfASlowSearch) {
  for (const std::string& text : texts()) {
    const auto lengths = longest_earlier_matches(bytes_of(text));
    ASSERT_EQ(lengths.size(), text.size());
    for (std::size_t place = 0; place < text.size(); ++place) {
      std::size_t longest = 0;
      for (std::size_t earlier = 0; earlier < place; ++earlier) {
        std::size_t length = 0;
        while (place + length < text.size() && text[place + length] == text[earlier + length]) {
          ++length;
        }
        longest = std::max(longest, length);
      }
      ASSERT_EQ(lengths[place], longest) << text << " at " << place;
    }
  }
}

// ---- calibration: in how many of 100 seeds a stated interval holds the truth

struct KnownSource {
  const char* name;
  const Source& source;
  unsigned order;  // from which on empirical entropies tell the rate; none for hidden chains
};

constexpr std::uint64_t kSize = 1 << 16;
constexpr unsigned kSeeds = 100, kFewestHits = 95, kNoOrder = 99;

template <class Covers>
unsigned hits(const KnownSource& known, Covers covers) {
  const double rate = known.source.entropy_bits(kSize) / static_cast<double>(kSize);
  unsigned count = 0;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    count += covers(Bytes(known.source.generate(kSize, seed)), rate) ? 1 : 0;
  }
  return count;
}

class Estimators : public testing::Test {
 protected:
  const IndependentSource uniform = uniform_source(), skewed = skewed_source(),
                          zipf = zipf_source();
  const MarkovSource markov_1{1, 16, 21}, markov_2{2, 8, 22};
  const HiddenMarkovSource hidden = bursty_source();
  const std::vector<KnownSource> sources{{"uniform", uniform, 0},   {"skewed", skewed, 0},
                                         {"zipf", zipf, 0},         {"markov-1", markov_1, 1},
                                         {"markov-2", markov_2, 2}, {"hidden", hidden, kNoOrder}};
};

TEST_F(Estimators, OfMatchesHoldTheTruthInTheirInterval) {
  for (const KnownSource& known : sources) {
    EXPECT_GE(hits(known,
                   [](Bytes document, double rate) {
                     const auto found = match_entropy(longest_earlier_matches(document));
                     return found->low <= rate && rate <= found->high;
                   }),
              kFewestHits)
        << known.name;
  }
}

TEST_F(Estimators, OfOrderKHoldTheTruthInTheirInterval) {
  for (const KnownSource& known : sources) {
    if (known.order == kNoOrder) continue;
    const unsigned order = known.order;
    EXPECT_GE(hits(known,
                   [order](Bytes document, double rate) {
                     const auto found = order_statistics(document, {.highest_order = order});
                     const double error = sampling_errors(document, order)[order];
                     const double miss =
                         found[order].corrected_bits / static_cast<double>(kSize) - rate;
                     return std::abs(miss) <= half_width(found[order], error);
                   }),
              kFewestHits)
        << known.name;
  }
}

// A code may cost less than the entropy by chance, never by much; and not more than its learning
// costs: half a logarithm for each of the at most 255 decisions in each context.
TEST_F(Estimators, OfCodesLieAboveTheInformationByNoMoreThanLearningCosts) {
  for (const KnownSource& known : sources) {
    if (known.order == kNoOrder) continue;
    const auto document = known.source.generate(kSize, 5);
    const double information = known.source.information_bits(document);
    const OrderStatistics found =
        order_statistics(document, {.highest_order = known.order})[known.order];
    const double decisions = static_cast<double>(found.successors) + 8 * 256;
    EXPECT_GT(found.kt_bits, information - 0.5 * decisions * 16) << known.name;
    EXPECT_LT(found.kt_bits, information + decisions * (0.5 * 16 + 1)) << known.name;
    EXPECT_GE(found.kt_bits, found.empirical_bits) << known.name;
  }
}

// ---- the screen's other facts

TEST(Randomness, IsThatOfATextbookExample) {
  const auto found = randomness(bytes_of(std::string("\1\2\3\4", 4)));
  EXPECT_DOUBLE_EQ(found->mean_byte, 2.5);
  // 4 values once, 252 never, 1/64 expected of each.
  EXPECT_DOUBLE_EQ(found->chi_square, 4 * 63 * 63 / 64.0 + 252 / 64.0);
  // (n Σ x y - (Σ x)²) / (n Σ x² - (Σ x)²) = (4 * 24 - 100) / (4 * 30 - 100)
  EXPECT_DOUBLE_EQ(*found->serial_correlation, -0.2);
  EXPECT_FALSE(randomness({}));
  EXPECT_FALSE(randomness(bytes_of("zzzz"))->serial_correlation);
}

TEST(Randomness, OfUniformBytesIsExceededEvenly) {
  double sum = 0;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    sum += randomness(uniform_source().generate(kSize, seed))->chi_square_exceeded;
  }
  EXPECT_NEAR(sum / kSeeds, 0.5, 5 / std::sqrt(12.0 * kSeeds));
}

TEST(RecordLength, IsFoundInTablesAndNotInTextOrNoise) {
  SplitMix64 random(11);
  std::string table, noise;
  for (int row = 0; row < 2000; ++row) {
    table += "id=" + std::to_string(100'000 + row) + ";v=" + random_text(random, 12, 26) + "\n";
    noise += random_text(random, 30, 26);
  }
  EXPECT_EQ(record_length(bytes_of(table))->bytes, 25u);
  EXPECT_FALSE(record_length(bytes_of(noise)));
  EXPECT_FALSE(record_length(bytes_of(std::string(100'000, 'x'))));
  EXPECT_FALSE(record_length({}));
}

TEST(BestStride, IsTheWidthOfSlowlyChangingNumbers) {
  std::string samples;
  for (unsigned i = 0; i < 40'000; ++i) {
    const auto value = static_cast<unsigned>(30'000 + 25'000 * std::sin(i * 0.01));
    samples += {static_cast<char>(value), static_cast<char>(value >> 8)};
  }
  EXPECT_EQ(best_stride(bytes_of(samples), 0)->bytes, 2u);
  EXPECT_FALSE(best_stride(uniform_source().generate(kSize, 1), 0));
}

TEST(SymbolEntropy, CountsWordsAndCharacters) {
  const SymbolEntropy words = word_entropy(bytes_of("abcdabcdx"));
  EXPECT_EQ(words.symbols, 5u);
  EXPECT_EQ(words.distinct, 3u);
  EXPECT_NEAR(words.empirical_bits, 5 * std::log2(5.0) - 2 * 2 * std::log2(2.0), 1e-12);
  EXPECT_EQ(character_entropy(bytes_of("äöäö"))->distinct, 2u);
  EXPECT_DOUBLE_EQ(character_entropy(bytes_of("äöäö"))->empirical_bits, 4);
  EXPECT_EQ(character_entropy(bytes_of("äöä\xc3"))->symbols, 3u);
  EXPECT_FALSE(character_entropy(bytes_of("ascii")));
  EXPECT_FALSE(character_entropy(bytes_of("\xc0\x80 overlong")));
}

TEST(DocumentKind, IsTold) {
  const auto kind = [](const std::string& text) { return document_kind(bytes_of(text)).name; };
  EXPECT_EQ(kind(""), "empty");
  EXPECT_EQ(kind("zzz"), "constant");
  EXPECT_EQ(kind("Some words.\n"), "ASCII text");
  EXPECT_EQ(kind("Größe\n"), "UTF-8 text");
  EXPECT_EQ(kind("Gr\xf6\xdf"
                 "e\n"),
            "text in an 8-bit encoding");
  EXPECT_EQ(kind(R"({"a": 1, "b": [2, 3]})"), "JSON");
  EXPECT_EQ(kind("<a><b>x</b></a>"), "XML or HTML");
  EXPECT_EQ(kind("\x28\xb5\x2f\xfd rest"), "zstd");
  EXPECT_EQ(kind(std::string("\0\1\2\3\0\0", 6)), "binary");
  const auto noise = uniform_source().generate(kSize, 3);
  EXPECT_EQ(document_kind(noise).name, "random, compressed or encrypted");
}

TEST(EntropyProfile, ShowsWhereTheRedundancyLies) {
  const auto noise = uniform_source().generate(1 << 15, 9);
  std::vector<std::byte> document(noise);
  document.resize(1 << 16, std::byte{7});
  const auto profile = entropy_profile(document, longest_earlier_matches(document), 8);
  ASSERT_EQ(profile.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) {
    const double bits = profile[i].adaptive_bits / static_cast<double>(profile[i].size);
    EXPECT_EQ(bits > 8, i < 4) << i;
    EXPECT_EQ(profile[i].local_bits > 0, i < 4) << i;
    EXPECT_EQ(profile[i].repeated_share > 0.9, i >= 4) << i;
  }
}

TEST(EntropyProfile, OfFewBytesHasAWindowForEach) {
  EXPECT_TRUE(entropy_profile({}, {}, 64).empty());
  EXPECT_EQ(entropy_profile(bytes_of("abc"), {}, 64).size(), 3u);
  EXPECT_LT(entropy_profile(bytes_of("abc"), {}, 64)[0].repeated_share, 0);
}

TEST(Analysis, OfTinyAndConstantDocumentsIsFinite) {
  for (const std::string& text : {std::string(), std::string("x"), std::string("xy"),
                                  std::string(70'000, '\0'), std::string("\xff\xfe", 2)}) {
    const DocumentAnalysis found = analyze(bytes_of(text), {});
    EXPECT_EQ(found.size, text.size());
    for (const OrderStatistics& order : found.orders) {
      EXPECT_TRUE(std::isfinite(order.empirical_bits + order.corrected_bits + order.kt_bits));
      EXPECT_GE(order.empirical_bits, 0);
    }
    EXPECT_TRUE(std::isfinite(found.ctw_bits));
    EXPECT_TRUE(std::isfinite(found.words.empirical_bits));
    if (found.match_entropy) {
      EXPECT_GE(found.match_entropy->low, 0);
      EXPECT_LE(found.match_entropy->high, 8);
    }
  }
}

}  // namespace
}  // namespace evalzip
