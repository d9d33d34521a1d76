#include "codecs/entropy_model.h"

#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/alphabet.h"
#include "codecs/bit_models.h"
#include "codecs/quasi_static_model.h"
#include "codecs/range_coder.h"
#include "codecs/static_model.h"
#include "codecs/symbol_tree.h"

namespace evalzip {
namespace {

using Pace = QuasiStaticModel::Pace;

// The laws that entropy_model.h states, at this moment of the model's life.
template <EntropyModel Model>
void expect_laws(const Model& model, std::uint32_t alphabet_size) {
  std::uint64_t low = 0;
  for (Symbol symbol = 0; symbol < alphabet_size; ++symbol) {
    const Interval interval = model.interval(symbol);
    ASSERT_EQ(interval.low, low) << "symbol " << symbol;
    ASSERT_GT(interval.width, 0u) << "symbol " << symbol;
    const std::uint32_t last = interval.low + interval.width - 1;
    for (const std::uint32_t point : {interval.low, interval.low + interval.width / 2, last}) {
      ASSERT_EQ(model.find(point), symbol) << "point " << point;
    }
    low += interval.width;
  }
  ASSERT_EQ(low, model.total());
  if constexpr (PowerOfTwoModel<Model>) {
    ASSERT_EQ(low, std::uint64_t{1} << Model::kTotalBits);
  }
}

std::vector<Symbol> fibonacci_skewed(std::uint32_t alphabet_size, std::size_t count,
                                     unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Symbol> symbols(count);
  for (Symbol& symbol : symbols) {
    // P(s) falls by the golden ratio.
    while (symbol + 1 < alphabet_size && random() % 1000 < 382) ++symbol;
  }
  return symbols;
}

class QuasiStatic : public testing::TestWithParam<std::tuple<std::uint32_t, Pace>> {};

TEST_P(QuasiStatic, KeepsTheLawsForAnySymbols) {
  const auto [size, pace] = GetParam();
  std::mt19937 random(size);
  QuasiStaticModel model(size, pace);
  expect_laws(model, size);
  for (int i = 0; i < 3000; ++i) {
    // A phase of one symbol, one of two, one of all.
    const auto any = static_cast<Symbol>(random());
    const Symbol symbol = i < 1000 ? size - 1 : i < 2000 ? any % 2 : any % size;
    model.update(symbol);
    if (i < 70 || i % 97 == 0) expect_laws(model, size);
  }
}

TEST_P(QuasiStatic, KeepsTheLawsWhenOneSymbolFillsEveryWindow) {
  const auto [size, pace] = GetParam();
  QuasiStaticModel model(size, pace);
  for (int i = 0; i < 200000; ++i) model.update(0);
  expect_laws(model, size);
  EXPECT_GT(model.interval(0).width, 65000u - size * 2);
  for (int i = 0; i < 200000; ++i) model.update(size - 1);
  expect_laws(model, size);
  EXPECT_GT(model.interval(size - 1).width, 65000u - size * 2);
}

TEST_P(QuasiStatic, FindsEveryPoint) {
  const auto [size, pace] = GetParam();
  QuasiStaticModel model(size, pace);
  for (const Symbol symbol : fibonacci_skewed(size, 5000, 1)) model.update(symbol);
  for (std::uint32_t point = 0; point < model.total(); ++point) {
    const Interval interval = model.interval(model.find(point));
    ASSERT_LT(point - interval.low, interval.width) << point;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, QuasiStatic,
                         testing::Combine(testing::Values(2u, 3u, 16u, 17u, 255u, 256u),
                                          testing::Values(Pace::steady, Pace::following)));

TEST(QuasiStaticModel, LearnsASteadySource) {
  const std::vector<Symbol> symbols = fibonacci_skewed(64, 200000, 2);
  std::vector<std::uint64_t> counts(64, 1);
  for (const Symbol symbol : symbols) ++counts[symbol];
  double entropy = 0;
  for (const std::uint64_t count : counts) {
    const auto n = static_cast<double>(count);
    entropy += n * std::log2(static_cast<double>(symbols.size()) / n);
  }
  QuasiStaticModel steady(64, Pace::steady), following(64, Pace::following);
  EXPECT_LT(ideal_bits(steady, symbols), entropy * 1.003);
  EXPECT_LT(ideal_bits(following, symbols), entropy * 1.012);
}

TEST(QuasiStaticModel, FollowsASourceThatChanges) {
  std::vector<Symbol> symbols;
  for (unsigned phase = 0; phase < 200; ++phase) {
    for (const Symbol symbol : fibonacci_skewed(16, 500, phase)) {
      symbols.push_back((symbol + phase * 5) % 64);
    }
  }
  QuasiStaticModel steady(64, Pace::steady), following(64, Pace::following);
  EXPECT_LT(ideal_bits(following, symbols), 0.8 * ideal_bits(steady, symbols));
}

TEST(StaticModel, KeepsTheLawsForAnyCounts) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::uint64_t> counts(2 + random() % 255);
    for (std::uint64_t& count : counts) count = random() >> random() % 64 >> 28;
    counts.front() = 1;
    counts.back() = std::uint64_t{1} << 40;
    const StaticModel::Widths widths = StaticModel::widths_of(counts);
    const StaticModel model(widths, counts.size());
    expect_laws(model, static_cast<std::uint32_t>(counts.size()));
  }
}

TEST(StaticModel, WidthsAreRightToOneUnit) {
  const std::vector<std::uint64_t> counts{900, 50, 49, 1, 0};
  const StaticModel::Widths widths = StaticModel::widths_of(counts);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double exact = 1 + static_cast<double>(counts[i]) * (65536 - 5) / 1000;
    EXPECT_NEAR(widths[i], exact, 1.0) << i;
  }
}

TEST(KtBit, KeepsTheLawsAndItsFormula) {
  KtBit model;
  expect_laws(model, 2);
  EXPECT_EQ(model.interval(1), (Interval{1, 1}));
  for (const Symbol bit : {1u, 1u, 1u, 0u}) {
    model.update(bit);
    expect_laws(model, 2);
  }
  // (3 + 1/2) / (4 + 1)
  EXPECT_EQ(model.total(), 10u);
  EXPECT_EQ(model.interval(1), (Interval{3, 7}));
}

TEST(KtBit, CostsNoMoreThanItsTheoremSays) {
  for (const std::uint32_t ones : {0u, 1u, 10u, 5000u, 9999u, 10000u}) {
    std::vector<Symbol> bits(10000, 0);
    std::fill_n(bits.begin(), ones, 1);
    std::shuffle(bits.begin(), bits.end(), std::mt19937(ones));
    const double p = ones / 10000.0;
    const double entropy =
        p == 0 || p == 1 ? 0 : -10000 * (p * std::log2(p) + (1 - p) * std::log2(1 - p));
    KtBit model;
    EXPECT_LE(ideal_bits(model, bits), entropy + std::log2(10000.0) / 2 + 1);
  }
}

TEST(AdaptiveBit, NeverClaimsCertainty) {
  for (const bool bit : {false, true}) {
    AdaptiveBit model;
    for (int i = 0; i < 100000; ++i) {
      model.update(bit);
      const std::uint32_t one = model.probability_of_one();
      ASSERT_GT(one, 0u);
      ASSERT_LT(one, 65536u);
    }
    const std::uint32_t one = model.probability_of_one();
    EXPECT_GT(bit ? one : 65536 - one, 65400u);
  }
}

TEST(SymbolTree, CodesEverySymbolOfEverySize) {
  for (std::size_t size = 2; size <= 256; ++size) {
    SymbolTree<AdaptiveBit> coding(size), decoding(size);
    std::vector<std::byte> bytes(2048);
    RangeEncoder encoder(bytes);
    for (Symbol symbol = 0; symbol < size; ++symbol) encode_symbol(coding, symbol, encoder);
    RangeDecoder decoder(Bytes(bytes).first(encoder.finish().value()));
    for (Symbol symbol = 0; symbol < size; ++symbol) {
      ASSERT_EQ(decode_symbol(decoding, decoder), symbol) << "of " << size;
    }
    EXPECT_TRUE(decoder.whole());
  }
}

TEST(EntropyModel, EncodeAndDecodeAreInverse) {
  const std::vector<Symbol> symbols = fibonacci_skewed(200, 20000, 4);
  QuasiStaticModel coding(200, Pace::following), decoding = coding, measuring = coding;
  std::vector<std::byte> bytes(40000);
  RangeEncoder encoder(bytes);
  encode(coding, symbols, encoder);
  const std::size_t size = encoder.finish().value();
  EXPECT_NEAR(static_cast<double>(size), ideal_bits(measuring, symbols) / 8, 4);
  RangeDecoder decoder(Bytes(bytes).first(size));
  std::vector<Symbol> decoded(symbols.size());
  decode(decoding, std::span(decoded), decoder);
  EXPECT_EQ(decoded, symbols);
  EXPECT_TRUE(decoder.whole());
}

Bytes bytes_of(const std::vector<std::uint8_t>& values) { return std::as_bytes(std::span(values)); }

TEST(Alphabet, ReadsWhatItWrites) {
  std::mt19937 random(5);
  for (std::size_t distinct = 1; distinct <= 256; ++distinct) {
    std::vector<std::uint8_t> all(256);
    std::iota(all.begin(), all.end(), std::uint8_t{0});
    std::shuffle(all.begin(), all.end(), random);
    all.resize(distinct);
    const Alphabet alphabet(bytes_of(all));
    ASSERT_EQ(alphabet.distinct(), distinct);
    std::vector<std::byte> header = alphabet.written();
    ASSERT_LE(header.size(), Alphabet::kMostHeaderBytes);
    const std::size_t size = header.size();
    for (std::size_t cut = 0; cut < size; ++cut) {
      std::size_t read = 0;
      EXPECT_FALSE(Alphabet::read(Bytes(header).first(cut), read));
    }
    header.push_back(std::byte{1});
    std::size_t read = 0;
    const auto back = Alphabet::read(header, read);
    ASSERT_TRUE(back);
    EXPECT_EQ(read, size);
    ASSERT_EQ(back->distinct(), distinct);
    for (std::size_t i = 0; i < distinct; ++i) EXPECT_EQ(back->byte(i), alphabet.byte(i));
  }
}

TEST(Alphabet, RefusesAHeaderThatIsNoAlphabet) {
  std::size_t read = 0;
  const std::vector<std::uint8_t> twice{1, 7, 7}, backwards{1, 9, 7};
  EXPECT_FALSE(Alphabet::read(bytes_of(twice), read));
  EXPECT_FALSE(Alphabet::read(bytes_of(backwards), read));
  std::vector<std::uint8_t> map(33, 0xFF);
  map[0] = 99;  // says 100, marks 256
  EXPECT_FALSE(Alphabet::read(bytes_of(map), read));
}

TEST(Alphabet, RunsBecomeSymbolsAndBack) {
  std::mt19937 random(6);
  for (const std::size_t distinct : {2u, 3u, 4u, 5u, 6u, 7u, 15u, 16u, 17u, 256u}) {
    for (const std::size_t size : {1u, 2u, 7u, 8u, 9u, 100u, 1001u}) {
      std::vector<std::uint8_t> block(size);
      for (std::uint8_t& byte : block)
        byte = static_cast<std::uint8_t>(random() % distinct * 255 / distinct);
      Alphabet alphabet(bytes_of(block));
      alphabet.extend();
      ASSERT_LE(alphabet.symbols(), 256u);
      // As many bytes to a symbol as fit, and no more.
      const bool full = alphabet.symbols() * alphabet.distinct() > 256;
      EXPECT_TRUE(full || alphabet.bytes_per_symbol() == 8 || alphabet.distinct() == 1);
      std::vector<std::uint8_t> symbols(alphabet.symbols_in(size));
      alphabet.to_symbols(bytes_of(block), symbols);
      for (const std::uint8_t symbol : symbols) ASSERT_LT(symbol, alphabet.symbols());
      std::vector<std::uint8_t> back(size);
      alphabet.to_bytes(symbols, std::as_writable_bytes(std::span(back)));
      EXPECT_EQ(back, block) << distinct << " values, " << size << " bytes";
    }
  }
}

}  // namespace
}  // namespace evalzip
