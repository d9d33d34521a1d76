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
#include "tests/rans_samples.h"

namespace evalzip {
namespace {

TEST(Rans, EverySampleReturnsOnEveryPathWithTheSameBytes) {
  for (const Sample& sample : samples()) {
    for (int order : kOrders) {
      for (int ways : kWays) {
        SCOPED_TRACE(sample.name + ", order " + std::to_string(order) + ", ways " +
                     std::to_string(ways));
        const RansOptions options{.order = order, .ways = ways};
        const Octets coded = encode(sample.bytes, options);
        EXPECT_LE(coded.size(), RansStream::bound(sample.bytes.size()));
        for (const auto& [name, kernels] : every_kernels()) {
          SCOPED_TRACE(name);
          EXPECT_TRUE(encode(sample.bytes, options, kernels) == coded);
          EXPECT_TRUE(decode(coded, sample.bytes.size(), kernels) == sample.bytes);
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
            encode(sample.bytes, {.order = order, .ways = ways}, every_kernels().back().kernels);
        EXPECT_TRUE(educational::RansDecoder(coded, sample.bytes.size()).decode() == sample.bytes);
      }
    }
  }
}

TEST(Rans, EveryLengthUpTo4096Returns) {
  const Octets source = text_like(4096, 13);
  for (int order : kOrders) {
    for (int ways : kWays) {
      for (const auto& [name, kernels] : every_kernels()) {
        RansStream stream({.order = order, .ways = ways}, kernels);
        Octets coded(RansStream::bound(4096)), decoded(4096);
        const std::size_t step = ways == 0 ? 1 : 17;
        for (std::size_t length = 0; length <= 4096; length += step) {
          const std::span input(source.data(), length);
          const auto size = stream.encode(input, std::span(coded).first(RansStream::bound(length)));
          ASSERT_TRUE(size.has_value()) << length;
          const std::span output(decoded.data(), length);
          ASSERT_TRUE(stream.decode(std::span(coded).first(size.value()), output).has_value());
          ASSERT_TRUE(std::ranges::equal(input, output)) << length << " " << name;
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
      const double ideal_bytes =
          RansStream(options, portable_rans_kernels()).ideal_bits(sample.bytes) / 8;
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
        for (const auto& [name, kernels] : every_kernels())
          ASSERT_FALSE(decode(cut, bytes.size(), kernels)) << size;
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
        for (const auto& [name, kernels] : every_kernels()) {
          EXPECT_TRUE(decode(bad, bytes.size(), kernels) == expected) << at << " " << name;
        }
      }
    }
  }
}

TEST(Rans, ShortOutputIsRefusedNotOverrun) {
  const Octets bytes = text_like(50'000, 20);
  RansStream stream({}, every_kernels().back().kernels);
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
        for (const auto& [name, kernels] : every_kernels()) {
          RansStream stream({.order = order, .ways = ways}, kernels);
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
    for (const auto& [name, kernels] : every_kernels()) {
      const bool ok = RansStream({}, kernels).decode(input.bytes(), output.bytes()).has_value();
      if (!first) first = ok;
      EXPECT_EQ(ok, *first) << i << " " << name;
    }
  }
}

}  // namespace
}  // namespace evalzip
