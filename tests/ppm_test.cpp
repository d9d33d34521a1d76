// ppm: against its format written out with strings for contexts, and as a bound that decodes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bounds/ppm_bits.h"
#include "codecs/codec_spec.h"
#include "codecs/entropy_model.h"
#include "codecs/ppm_model.h"
#include "codecs/range_coder.h"
#include "codecs/registry.h"
#include "harness/split_mix.h"
#include "tests/encoded_size.h"

namespace evalzip {
namespace {

// Slow and obviously right: the code length in bits of docs/formats.md.
class SlowPpm {
 public:
  explicit SlowPpm(std::size_t order) : order_(order) {}

  double bits(const std::string& text) {
    double sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      sum += bits_of(text[i], text.substr(i > order_ ? i - order_ : 0, std::min(i, order_)));
    }
    return sum;
  }

 private:
  using Counts = std::map<char, unsigned>;

  double bits_of(char byte, const std::string& longest) {
    double sum = 0;
    std::set<char> ruled_out;
    std::vector<std::string> missed;
    for (std::size_t skip = 0; skip <= longest.size(); ++skip) {
      const std::string context = longest.substr(skip);
      Counts& counts = contexts_[context];
      double total = 0, different = 0;
      for (const auto& [other, count] : counts) {
        if (ruled_out.contains(other)) continue;
        total += 2 * count;
        ++different;
      }
      if (ruled_out.size() + static_cast<std::size_t>(different) == 256) total -= different;
      if (counts.contains(byte)) {
        sum += std::log2(total / (2 * counts[byte] - 1));
        raise(counts, byte);
        learn(missed, byte);
        return sum;
      }
      if (total > 0) sum += std::log2(total / different);
      for (const auto& [other, count] : counts) ruled_out.insert(other);
      missed.push_back(context);
    }
    learn(missed, byte);
    return sum + std::log2(256 - static_cast<double>(ruled_out.size()));
  }

  static void raise(Counts& counts, char byte) {
    if (++counts[byte] <= 250) return;
    for (auto& [other, count] : counts) count = (count + 1) / 2;
  }

  void learn(const std::vector<std::string>& contexts, char byte) {
    for (const std::string& context : contexts) contexts_[context][byte] = 1;
  }

  std::size_t order_;
  std::map<std::string, Counts> contexts_;
};

std::string words(std::size_t size, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::string text;
  while (text.size() < size) {
    text.append(1 + random.below(4), static_cast<char>('a' + random.below(3)));
    if (random.below(50) == 0) text += static_cast<char>(random.below(256));
  }
  text.resize(size);
  return text;
}

TEST(Ppm, CodeLengthsAreThoseOfItsFormat) {
  for (const std::size_t order : {0u, 1u, 2u, 5u, 16u}) {
    const std::string text = words(20000, order + 1);
    PpmModel model({.order = static_cast<unsigned>(order), .most_nodes = 1u << 20});
    CodeLengthMeter meter;
    for (const char byte : text) model.encode(static_cast<std::uint8_t>(byte), meter);
    EXPECT_NEAR(meter.bits(), SlowPpm(order).bits(text), 1e-6 * meter.bits()) << "order " << order;
  }
}

TEST(Ppm, ThereIsNoEscapeFromAllBytes) {
  std::string text;
  for (int i = 0; i < 512; ++i) text += static_cast<char>(i * 7);
  for (const unsigned order : {0u, 2u}) {
    PpmModel model({.order = order, .most_nodes = 1u << 16});
    CodeLengthMeter meter;
    for (const char byte : text) model.encode(static_cast<std::uint8_t>(byte), meter);
    EXPECT_NEAR(meter.bits(), SlowPpm(order).bits(text), 1e-6 * meter.bits()) << "order " << order;
  }
  // A stream that no encoder wrote, pointing to the end of every total.
  const std::vector<std::byte> hostile(2000, std::byte{0xFF});
  PpmModel model({.order = 0, .most_nodes = 1u << 16});
  RangeDecoder decoder(hostile);
  for (int i = 0; i < 1000; ++i) model.decode(decoder);
}

TEST(Ppm, WritesItsIdealCodeLength) {
  const std::string text = words(60000, 3);
  const Registry codecs = builtin_codecs();
  const CodecSpec ppm = parse_codec_spec(codecs, "ppm:order=4");
  const double ideal = ppm.codec->make(ppm.params)->ideal_bits(bytes_of(text)).value() / 8;
  EXPECT_NEAR(static_cast<double>(encoded_size("ppm:order=4", text)), ideal, ideal * 0.0001 + 8);
}

TEST(Ppm, TheBoundIsWhatTheCodecWrites) {
  const std::string text = words(60000, 4);
  const double bound = ppm_bits(bytes_of(text), 5) / 8;
  EXPECT_NEAR(static_cast<double>(encoded_size("ppm:order=5", text)), bound, bound * 0.0001 + 8);
  EXPECT_EQ(ppm_bits({}, 5), 0);
}

TEST(Ppm, StartsAnewWhenItsMemoryIsFull) {
  std::string text;
  SplitMix64 random(6);
  for (int i = 0; i < 40000; ++i) text += static_cast<char>('a' + random.below(16));
  const std::size_t little = encoded_size("ppm:order=5,memory_bits=16", text);
  EXPECT_LT(little, text.size());
  EXPECT_NE(little, encoded_size("ppm:order=5", text));
}

}  // namespace
}  // namespace evalzip
