// The laws of the rANS coder, on every instruction set of the machine the tests run on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "codecs/rans_decisions.h"
#include "codecs/rans_stream.h"
#include "codecs/registry.h"
#include "tests/educational_rans.h"

namespace evalzip {
namespace {

using Octets = std::vector<std::uint8_t>;

// std::mt19937 whose numbers have the 32 bits it promises and no more.
class Random {
 public:
  using result_type = std::uint32_t;
  explicit Random(unsigned seed) : engine_(seed) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xffffffff; }
  result_type operator()() { return static_cast<result_type>(engine_()); }

 private:
  std::mt19937 engine_;
};

constexpr int kOrders[] = {0, 1};
constexpr int kWays[] = {0, 4, 32, 64, 128};

Octets encode(const Octets& input, const RansOptions& options, Isa isa = Isa::portable) {
  RansStream stream(options, isa);
  Octets output(RansStream::bound(input.size()));
  const auto size = stream.encode(input, output);
  EXPECT_TRUE(size.has_value());
  output.resize(size ? size.value() : 0);
  return output;
}

std::optional<Octets> decode(const Octets& input, std::size_t size, Isa isa = Isa::portable) {
  RansStream stream({}, isa);
  Octets output(size, 0xE5);
  const auto written = stream.decode(input, output);
  if (!written) return std::nullopt;
  EXPECT_EQ(written.value(), size);
  return output;
}

// Skewed like text: a few symbols often, many seldom, and each depending on the one before.
Octets text_like(std::size_t size, unsigned seed) {
  Random random(seed);
  Octets bytes(size);
  std::uint32_t before = 0;
  for (std::uint8_t& byte : bytes) {
    const std::uint32_t a = random() % 97;
    const std::uint32_t b = random() % 97;
    before = (a * b / 97 + before / 4) % 120;
    byte = static_cast<std::uint8_t>(before + 32);
  }
  return bytes;
}

Octets geometric(std::size_t size, double p, unsigned seed) {
  Random random(seed);
  std::geometric_distribution<int> symbols(p);
  Octets bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(std::min(255, symbols(random)));
  return bytes;
}

Octets uniform(std::size_t size, unsigned alphabet, unsigned seed) {
  Random random(seed);
  Octets bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() % alphabet);
  return bytes;
}

Octets fibonacci(int symbols, unsigned seed) {
  Octets bytes;
  std::uint64_t a = 1, b = 1;
  for (int s = 0; s < symbols; ++s) {
    bytes.insert(bytes.end(), a, static_cast<std::uint8_t>(s * 7));
    b += a;
    std::swap(a, b);
  }
  std::shuffle(bytes.begin(), bytes.end(), Random(seed));
  return bytes;
}

// Stationary halves of unlike kind, so that blocks are cut.
Octets two_halves(std::size_t size) {
  Octets bytes = geometric(size / 2, 0.5, 1);
  const Octets second = text_like(size - size / 2, 2);
  bytes.insert(bytes.end(), second.begin(), second.end());
  return bytes;
}

struct Sample {
  std::string name;
  Octets bytes;
};

std::vector<Sample> samples() {
  Octets each_value(256);
  for (std::size_t i = 0; i < 256; ++i) each_value[i] = static_cast<std::uint8_t>(i);
  Octets repeated;
  for (int i = 0; i < 300; ++i)
    repeated.insert(repeated.end(), each_value.begin(), each_value.end());
  Octets rare = Octets(300'000, 'a');
  rare[123'456] = 'b';
  return {{"empty", {}},
          {"one byte", {42}},
          {"two bytes", {1, 2}},
          {"one symbol", Octets(100'000, 7)},
          {"two symbols", uniform(50'000, 2, 3)},
          {"one of 300000 is another", rare},
          {"all 256 values once", each_value},
          {"all 256 values equally often", repeated},
          {"all 256 values at random", uniform(200'000, 256, 4)},
          {"200 values at random", uniform(200'000, 200, 5)},
          {"65 values at random", uniform(300'000, 65, 6)},
          {"64 values at random", uniform(300'000, 64, 7)},
          {"Fibonacci counts", fibonacci(26, 8)},
          {"geometric 0.9", geometric(1'000'000, 0.9, 9)},
          {"geometric 0.02", geometric(700'000, 0.02, 10)},
          {"text-like", text_like(1'200'007, 11)},
          {"two halves", two_halves(900'001)},
          {"6 MB", text_like(6'000'001, 12)}};
}

TEST(Rans, EverySampleReturnsOnEveryPathWithTheSameBytes) {
  for (const Sample& sample : samples()) {
    for (int order : kOrders) {
      for (int ways : kWays) {
        SCOPED_TRACE(sample.name + ", order " + std::to_string(order) + ", ways " +
                     std::to_string(ways));
        const RansOptions options{.order = order, .ways = ways};
        const Octets coded = encode(sample.bytes, options);
        EXPECT_LE(coded.size(), RansStream::bound(sample.bytes.size()));
        for (Isa isa : usable_isas()) {
          SCOPED_TRACE(to_string(isa));
          EXPECT_TRUE(encode(sample.bytes, options, isa) == coded);
          EXPECT_TRUE(decode(coded, sample.bytes.size(), isa) == sample.bytes);
        }
      }
    }
  }
}

TEST(Rans, TheEducationalDecoderReadsWhatTheFastEncoderWrites) {
  for (const Sample& sample : samples()) {
    if (sample.bytes.size() > 2'000'000) continue;
    for (int order : kOrders) {
      for (int ways : kWays) {
        SCOPED_TRACE(sample.name + ", order " + std::to_string(order) + ", ways " +
                     std::to_string(ways));
        const Octets coded =
            encode(sample.bytes, {.order = order, .ways = ways}, usable_isas().back());
        EXPECT_TRUE(educational::RansDecoder(coded, sample.bytes.size()).decode() == sample.bytes);
      }
    }
  }
}

TEST(Rans, EveryLengthUpTo4096Returns) {
  const Octets source = text_like(4096, 13);
  for (int order : kOrders) {
    for (int ways : kWays) {
      for (Isa isa : usable_isas()) {
        RansStream stream({.order = order, .ways = ways}, isa);
        Octets coded(RansStream::bound(4096)), decoded(4096);
        const std::size_t step = ways == 0 ? 1 : 17;
        for (std::size_t length = 0; length <= 4096; length += step) {
          const std::span input(source.data(), length);
          const auto size = stream.encode(input, std::span(coded).first(RansStream::bound(length)));
          ASSERT_TRUE(size.has_value()) << length;
          const std::span output(decoded.data(), length);
          ASSERT_TRUE(stream.decode(std::span(coded).first(size.value()), output).has_value());
          ASSERT_TRUE(std::ranges::equal(input, output)) << length << " " << to_string(isa);
        }
      }
    }
  }
}

TEST(Rans, EmptyInputGivesNoBytes) {
  EXPECT_TRUE(encode({}, {}).empty());
  EXPECT_TRUE(decode({}, 0).has_value());
}

TEST(Rans, CodedSizeIsWithinAThousandthOfTheIdealPlusTablesAndStates) {
  // Per block: head and word count 11 bytes, states 4 a lane, and the table, here at most 2 bytes
  // per symbol and row.
  for (const Sample& sample : samples()) {
    for (int order : kOrders) {
      SCOPED_TRACE(sample.name + ", order " + std::to_string(order));
      const RansOptions options{.order = order};
      const double ideal_bytes = RansStream(options, Isa::portable).ideal_bits(sample.bytes) / 8;
      const double size = static_cast<double>(encode(sample.bytes, options).size());
      const double blocks = static_cast<double>(sample.bytes.size()) / 65536 + 1;
      const double table = order == 0 ? 600 : 256 * 200;
      EXPECT_GE(size + 1, ideal_bytes);
      EXPECT_LE(size, ideal_bytes * 1.001 + blocks * (11 + 512) + table);
    }
  }
}

TEST(Rans, GeometricSourceCostsItsEntropyAndLittleMore) {
  const Octets bytes = geometric(4'000'000, 0.9, 14);
  const double entropy_bits = -(0.9 * std::log2(0.9) + 0.1 * std::log2(0.1)) / 0.9;
  const double ideal_bytes = entropy_bits * static_cast<double>(bytes.size()) / 8;
  EXPECT_LT(static_cast<double>(encode(bytes, {}).size()), ideal_bytes * 1.005);
}

TEST(Rans, EveryTruncationIsRefused) {
  for (int order : kOrders) {
    for (int ways : kWays) {
      const Octets bytes = text_like(9'000, 15);
      const Octets coded = encode(bytes, {.order = order, .ways = ways});
      for (std::size_t size = 0; size < coded.size(); ++size) {
        const Octets cut(coded.begin(), coded.begin() + static_cast<std::ptrdiff_t>(size));
        for (Isa isa : usable_isas()) ASSERT_FALSE(decode(cut, bytes.size(), isa)) << size;
      }
    }
  }
}

TEST(Rans, TrailingBytesAreRefused) {
  const Octets bytes = text_like(5'000, 16);
  Octets coded = encode(bytes, {});
  coded.push_back(0);
  EXPECT_FALSE(decode(coded, bytes.size()));
}

TEST(Rans, AWrongSizeIsRefused) {
  const Octets bytes = text_like(5'000, 17);
  const Octets coded = encode(bytes, {});
  EXPECT_FALSE(decode(coded, bytes.size() - 1));
  EXPECT_FALSE(decode(coded, bytes.size() + 1));
}

TEST(Rans, AFlippedBitNeverEscapesTheStateCheckUnnoticedByAllPathsAlike) {
  for (int order : kOrders) {
    for (int ways : kWays) {
      const Octets bytes = text_like(20'000, 18);
      const Octets coded = encode(bytes, {.order = order, .ways = ways});
      Random random(19);
      for (int i = 0; i < 400; ++i) {
        Octets bad = coded;
        const std::size_t at = i < 200 ? i % coded.size() : random() % coded.size();
        bad[at] = static_cast<std::uint8_t>(bad[at] ^ (1u << random() % 8));
        const auto expected = decode(bad, bytes.size());
        EXPECT_FALSE(expected == bytes);
        for (Isa isa : usable_isas()) {
          EXPECT_TRUE(decode(bad, bytes.size(), isa) == expected) << at << " " << to_string(isa);
        }
      }
    }
  }
}

TEST(Rans, ShortOutputIsRefusedNotOverrun) {
  const Octets bytes = text_like(50'000, 20);
  RansStream stream({}, usable_isas().back());
  const std::size_t needed = encode(bytes, {}).size();
  for (std::size_t room : {std::size_t{0}, std::size_t{1}, needed / 2, needed - 1}) {
    Octets output(room);
    const auto result = stream.encode(bytes, output);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), Fault::output_too_small);
  }
}

// Bytes that end where a page ends that must not be touched.
class Guarded {
 public:
  explicit Guarded(std::size_t size) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t body = (size + page - 1) / page * page;
    mapped_ = body + page;
    map_ = static_cast<std::uint8_t*>(
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(map_ + body, page, PROT_NONE);
    bytes_ = {map_ + body - size, size};
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { munmap(map_, mapped_); }
  std::span<std::uint8_t> bytes() const { return bytes_; }

 private:
  std::uint8_t* map_;
  std::size_t mapped_;
  std::span<std::uint8_t> bytes_;
};

TEST(Rans, NothingIsTouchedPastAGuardPage) {
  for (const Octets& bytes : {text_like(70'003, 21), geometric(70'003, 0.9, 22),
                              uniform(70'003, 255, 23), text_like(300'001, 24)}) {
    for (int order : kOrders) {
      for (int ways : kWays) {
        for (Isa isa : usable_isas()) {
          RansStream stream({.order = order, .ways = ways}, isa);
          const Guarded input(bytes.size());
          std::ranges::copy(bytes, input.bytes().begin());
          const Octets expected = encode(bytes, {.order = order, .ways = ways});
          const Guarded coded(expected.size());
          const auto size = stream.encode(input.bytes(), coded.bytes());
          ASSERT_TRUE(size.has_value());
          const Guarded output(bytes.size());
          ASSERT_TRUE(stream.decode(coded.bytes(), output.bytes()).has_value());
          EXPECT_TRUE(std::ranges::equal(output.bytes(), bytes));
        }
      }
    }
  }
}

TEST(Rans, RandomAndMangledBytesOnGuardPagesNeverReachOutside) {
  Random random(25);
  for (int i = 0; i < 3'000; ++i) {
    const int order = i % 2;
    const std::size_t size = random() % 60'000 + 1;
    Octets coded = encode(text_like(size, static_cast<unsigned>(i)),
                          {.order = order, .ways = kWays[random() % 5]});
    const std::size_t from = random() % 3 == 0 ? 0 : random() % coded.size();
    for (std::size_t k = from; k < coded.size(); k += 1 + random() % 50) {
      coded[k] = static_cast<std::uint8_t>(random());
    }
    const Guarded input(coded.size());
    std::ranges::copy(coded, input.bytes().begin());
    const Guarded output(size);
    std::optional<bool> first;
    for (Isa isa : usable_isas()) {
      const bool ok = RansStream({}, isa).decode(input.bytes(), output.bytes()).has_value();
      if (!first) first = ok;
      EXPECT_EQ(ok, *first) << i << " " << to_string(isa);
    }
  }
}

TEST(RansModel, IntervalsTileTheTotal) {
  Random random(26);
  for (int round = 0; round < 200; ++round) {
    const int bits = 10 + static_cast<int>(random() % 4);
    Counts counts{};
    const unsigned alphabet = random() % 256 + 1;
    for (unsigned s = 0; s < alphabet; ++s) counts[s] = random() >> (random() % 32);
    counts[random() % 256] += 1;
    const RankedModel model(normalise(counts, bits), bits);
    std::uint32_t next = 0;
    for (int r = 0; r < model.size; ++r) {
      ASSERT_EQ(model.low[r], next);
      ASSERT_GT(model.width[r], 0);
      ASSERT_GT(counts[model.symbol[r]], 0u);
      ASSERT_EQ(model.rank[model.symbol[r]], r);
      next += model.width[r];
    }
    ASSERT_EQ(next, 1u << bits);
  }
}

// Tries every move of one slot: none may shorten the code.
TEST(RansFrequencies, NoMoveOfASlotShortensTheCode) {
  Random random(27);
  for (int round = 0; round < 100; ++round) {
    const int bits = 10 + round % 4;
    Counts counts{};
    const unsigned alphabet = random() % 255 + 2;
    for (unsigned s = 0; s < alphabet; ++s) counts[s] = random() % 1000 >> (random() % 10);
    counts[0] += 1;
    const Frequencies best = normalise(counts, bits);
    const double length = code_length_bits(counts, best, bits);
    for (int from = 0; from < 256; ++from) {
      if (best[from] < 2) continue;
      for (int to = 0; to < 256; ++to) {
        if (best[to] == 0 || to == from) continue;
        Frequencies other = best;
        --other[from];
        ++other[to];
        ASSERT_GE(code_length_bits(counts, other, bits), length * (1 - 1e-5)) << round;
      }
    }
  }
}

TEST(RansTables, TablesReturn) {
  Random random(28);
  for (int round = 0; round < 300; ++round) {
    const int bits = 10 + round % 4;
    Counts counts{};
    for (int i = 0; i < 1 + round; ++i)
      counts[random() % 256 * (random() % 256) / 256] += random() % 9;
    counts[255] += round % 2;
    counts[3] += 1;
    const Frequencies table = normalise(counts, bits);
    Octets bytes;
    write_frequencies(table, bits, bytes);
    const std::size_t size = bytes.size();
    bytes.push_back(0x55);
    const auto read = read_frequencies(bytes, bits);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->table, table);
    EXPECT_EQ(read->end, bytes.data() + size);
  }
}

TEST(RansCore, PushAndPopAreInverseAtEveryWidthAndTheExtremesOfTheState) {
  for (int bits : {10, 11, 12, 13}) {
    for (std::uint32_t width = 1; width <= 1u << bits; ++width) {
      const std::uint32_t low = (1u << bits) - width;
      for (std::uint32_t start : {kRansLowest, kRansLowest + 1, 0x7fffffffu, 0xffffffffu,
                                  (width << (32 - bits)) - 1, width << (32 - bits)}) {
        if (start < kRansLowest) continue;
        std::uint8_t room[4];
        RansWordWriter writer(room + 4);
        std::uint32_t x = start;
        rans_push(x, {low, width}, rans_reciprocal(width, bits), bits, writer);
        ASSERT_GE(x, kRansLowest);
        RansWordReader reader(writer.at(), room + 4);
        const std::uint32_t slot = rans_slot(x, bits);
        ASSERT_GE(slot, low);
        x = rans_pop(x, width, slot - low, bits);
        reader.refill(x);
        ASSERT_EQ(x, start) << "width " << width << " bits " << bits;
        ASSERT_EQ(reader.at(), room + 4);
      }
    }
  }
}

TEST(RansCodec, IsInTheRegistryAndNamesItsOrder) {
  const Registry registry = builtin_codecs();
  const CodecInfo* info = registry.find("rans");
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(Params("rans", info->parameters, {}).canonical(), "order=0");
  const auto codec = info->make(Params("rans", info->parameters, {{"order", "1"}, {"ways", "32"}}));
  const Octets bytes = text_like(100'000, 29);
  std::vector<std::byte> coded(codec->bound(bytes.size())), decoded(bytes.size());
  const auto size = codec->encode(std::as_bytes(std::span(bytes)), coded);
  ASSERT_TRUE(size.has_value());
  ASSERT_TRUE(codec->decode(std::span(coded).first(size.value()), decoded).has_value());
  EXPECT_EQ(std::memcmp(decoded.data(), bytes.data(), bytes.size()), 0);
  EXPECT_TRUE(codec->ideal_bits(std::as_bytes(std::span(bytes))).has_value());
}

}  // namespace
}  // namespace evalzip
