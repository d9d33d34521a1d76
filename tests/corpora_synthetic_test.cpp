#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "corpora/generators.h"
#include "corpora/open_corpus.h"
#include "corpora/synthetic.h"
#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

constexpr std::uint64_t kSeed = 20240229;

TEST(Random, GivesTheSequenceOfItsDefinition) {
  // SplitMix64 from 0 and xoshiro256** on its first four outputs, computed apart with Python.
  Random random(0);
  EXPECT_EQ(random.next(), 0x99ec5f36cb75f2b4u);
  EXPECT_EQ(random.next(), 0xbf6e1f784956452au);
  EXPECT_EQ(random.next(), 0x1a5f849d4933e6e0u);
}

TEST(Random, BelowHasNoBias) {
  Random random(kSeed);
  std::array<int, 3> counts{};
  for (int i = 0; i < 30'000; ++i) ++counts[random.below(3)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Source, EntropyOfSimpleSourcesIsThatOfTheTextbook) {
  EXPECT_DOUBLE_EQ(uniform_source().entropy_bits(1000), 8000.0);
  EXPECT_DOUBLE_EQ(WeightedChoice({1, 1, 2}).entropy_bits(), 1.5);
  EXPECT_DOUBLE_EQ(WeightedChoice({0, 5}).entropy_bits(), 0.0);
  EXPECT_DOUBLE_EQ(PeriodicSource(1021).entropy_bits(1 << 20), 8168.0);
  EXPECT_DOUBLE_EQ(PeriodicSource(1021).entropy_bits(10), 80.0);
  const double skewed = -(240 * std::log2(240 / 256.) + 11 * std::log2(11 / 256.) +
                          4 * std::log2(4 / 256.) + std::log2(1 / 256.)) /
                        256;
  EXPECT_NEAR(skewed_source().entropy_bits(1), skewed, 1e-12);
}

// The information of an output is near the entropy: within 5 standard deviations, which for these
// sources and 2^18 symbols is below 1.5 %.
void expect_typical(const Source& source, const std::string& name) {
  const std::uint64_t size = 1 << 18;
  const double entropy = source.entropy_bits(size);
  const double information = source.information_bits(source.generate(size, kSeed));
  EXPECT_NEAR(information / entropy, 1.0, 0.015) << name << ", seed " << kSeed;
}

TEST(Source, OutputsAreAsLongInBitsAsTheEntropySays) {
  expect_typical(uniform_source(), "uniform");
  expect_typical(skewed_source(), "skewed");
  expect_typical(zipf_source(), "zipf");
  expect_typical(MarkovSource(1, 64, 11), "markov-1");
  expect_typical(MarkovSource(2, 16, 12), "markov-2");
  expect_typical(bursty_source(), "hidden-markov");
}

TEST(HiddenMarkovSource, BoundsOfItsRateMeet) {
  const HiddenMarkovSource source = bursty_source();
  // Enumerated apart with Python, for words of 8 symbols.
  EXPECT_NEAR(source.upper_rate_bits(), 1.2242184825741536, 1e-12);
  EXPECT_NEAR(source.lower_rate_bits(), 1.2242184821227227, 1e-12);
  EXPECT_EQ(source.entropy_bits(0), 0);
  EXPECT_NEAR(source.entropy_bits(9) - source.entropy_bits(8), source.upper_rate_bits(), 1e-9);
}

TEST(HiddenMarkovSource, WithStatesThatTellThemselvesIsAMarkovChain) {
  // Each state emits its own symbol: a chain that stays with 3/4.
  const HiddenMarkovSource source({{.start = 1, .next = {3, 1}, .emission = {1, 0}},
                                   {.start = 1, .next = {1, 3}, .emission = {0, 1}}});
  const double stay = 0.75 * std::log2(4 / 3.0) + 0.25 * 2;
  EXPECT_NEAR(source.entropy_bits(100), 1 + 99 * stay, 1e-9);
}

// Entropies of contexts counted in a long output agree with the stated ones: an estimate that knows
// nothing of how the source was made.
TEST(MarkovSource, CountedConditionalEntropyAgrees) {
  const MarkovSource source(2, 4, 99);
  const auto bytes = source.generate(1 << 20, kSeed);
  std::map<std::array<std::byte, 3>, double> triples;
  std::map<std::array<std::byte, 2>, double> pairs;
  for (std::size_t i = 2; i < bytes.size(); ++i) {
    ++triples[{bytes[i - 2], bytes[i - 1], bytes[i]}];
    ++pairs[{bytes[i - 2], bytes[i - 1]}];
  }
  double bits = 0;
  for (const auto& [triple, count] : triples) {
    bits -= count * std::log2(count / pairs[{triple[0], triple[1]}]);
  }
  EXPECT_NEAR(bits / static_cast<double>(bytes.size()), source.entropy_rate_bits(), 0.01);
}

TEST(MarkovSource, IsStationaryFromTheStart) {
  const MarkovSource source(1, 8, 5);
  std::array<double, 8> at_start{}, later{};
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const auto bytes = source.generate(12, seed);
    ++at_start[std::to_integer<std::size_t>(bytes[0]) - '0'];
    ++later[std::to_integer<std::size_t>(bytes[11]) - '0'];
  }
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(at_start[i], later[i], 750) << i;
}

TEST(Generators, ALongerDocumentBeginsWithTheShorter) {
  for (const Generator& generator : all_generators()) {
    const auto shorter = generator.generate(1000), longer = generator.generate(70'000);
    ASSERT_EQ(shorter.size(), 1000u);
    ASSERT_EQ(longer.size(), 70'000u);
    EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin())) << generator.name;
    EXPECT_TRUE(generator.generate(0).empty());
  }
}

// Every platform must generate these very bytes.
TEST(Generators, BytesAreTheSameOnEveryMachine) {
  const std::map<std::string_view, std::string> pinned{
      {"uniform", "b7370fc0e1aafe2f86d87cdc800a5068007aba181f93f1a5d63e1c853d473830"},
      {"skewed", "7f83fb88893778fd23fa846a0002a2aebcb5daa39046ebe5c720cd7d5055e629"},
      {"zipf", "d4046dfb5cf040dc180b28d3089eaa16fa28b32b035036fb88266e8b4474638b"},
      {"markov-1", "50f86ed701519f04a49aac466495f80844732ddbb20a44ff890abe681059a609"},
      {"markov-2", "47b8212b22ae6cab2ff6c064d42e636193206ee7b9db8590a88031765849da4b"},
      {"markov-3", "c621d5bf83a1566e19abe19ad1be2f30b95f19bc7ace6b449618b524a5395945"},
      {"hidden-markov", "1b736cf91c4e4c74ea57c0096fc4fe5056316ad545d317457ff9c479a5c9dec1"},
      {"periodic", "5c2973626d0fdd58bcd716114d57220a41aa566cf6ab778a9163a41795adf445"},
      {"prose", "5447a82768eee8beab0585d6bf5dc9084d0a758a0829f6e7ecb93f290881a877"},
      {"orders", "19f0788d16439c9168ba1ce42919de96c51d59f6d732160f57003d1973d1315c"},
      {"access-log", "fd248d43b2135e9fbfbc864f363778217284d78a427a200a22bcc2349c456e28"},
      {"stations", "595e78a85f2db881031db3e9eaaa98ffceb929a22df9975756d76692cdbcda68"},
      {"sensor-f32", "c1424c47f849f96556d9497aec78c30b197340ace2909453ab3edd2ea0b51f13"},
      {"audio-s16", "0e752daf7bdec75453d470f8b8f1ef334636ce452be413f05b6df526010fe4ec"},
      {"ledger", "bd7f54b81d19f83e56a6432a6a1fae2903f3d5b3683472e38357f39523b4aa3a"},
      {"machine-code", "8296a4406503c7f880526c8ccd39ea8ee0df3ebe44037ba0b0521523c1178146"},
  };
  for (const Generator& generator : all_generators()) {
    IdentityCheck check(ByteIdentity{});
    const bool long_one = generator.name == "prose" || generator.name == "orders" ||
                          generator.name == "access-log" || generator.name == "audio-s16";
    check.update(generator.generate((long_one ? 512 : 256) << 10));
    check.finish();
    const auto expected = pinned.find(generator.name);
    ASSERT_NE(expected, pinned.end()) << generator.name << " " << check.sha256();
    EXPECT_EQ(check.sha256(), expected->second) << generator.name;
  }
}

class Demo : public Corpora {};

TEST_F(Demo, IsThereOfflineFromNothing) {
  CorpusPlaces empty = places();
  empty.manifests = {EVALZIP_SHIPPED_MANIFESTS};
  const Corpus demo = open_corpus("demo", empty, progress);
  EXPECT_TRUE(demo.missing.empty());
  ASSERT_EQ(demo.documents.size(), 14u);
  for (const Document& document : demo.documents) {
    EXPECT_EQ(std::filesystem::file_size(document.path), document.size);
    EXPECT_EQ(sha256_of(read_file(document.path)), document.sha256) << document.name;
    EXPECT_GE(document.size, 256u << 10);
  }
  EXPECT_DOUBLE_EQ(demo.documents[0].true_entropy_bits.value(), 8.0 * (256 << 10));
  EXPECT_FALSE(demo.documents.back().true_entropy_bits);
}

TEST_F(Demo, HasABrotherOfKnownEntropiesOnly) {
  CorpusPlaces empty = places();
  empty.manifests = {EVALZIP_SHIPPED_MANIFESTS};
  const Corpus synthetic = open_corpus("synthetic", empty, progress);
  ASSERT_EQ(synthetic.documents.size(), 8u);
  for (const Document& document : synthetic.documents) {
    EXPECT_GT(document.true_entropy_bits.value(), 0) << document.name;
  }
}

}  // namespace
}  // namespace evalzip
