#include "codecs/huffman.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "codecs/registry.h"
#include "tests/guarded_buffer.h"
#include "tests/huffman_reference.h"

namespace evalzip {
namespace {

using ByteVector = std::vector<std::uint8_t>;
constexpr std::size_t kBlockLimit = std::size_t{4} << 20;

Bytes bytes_of(const ByteVector& bytes) { return std::as_bytes(std::span(bytes)); }
MutableBytes bytes_of(ByteVector& bytes) { return std::as_writable_bytes(std::span(bytes)); }

ByteVector encoded(const ByteVector& input, const HuffmanKernel& kernel,
                   std::size_t block_limit = kBlockLimit) {
  HuffmanCoder coder(block_limit, kernel);
  ByteVector output(coder.bound(input.size()));
  const auto size = coder.encode(bytes_of(input), bytes_of(output));
  EXPECT_TRUE(size.has_value());
  if (!size) return {};
  EXPECT_LE(size.value(), output.size());
  output.resize(size.value());
  output.shrink_to_fit();
  return output;
}

// Both sides end at a page that may not be touched.
Result<std::size_t> decode_into(ByteVector& output, const ByteVector& stream,
                                const HuffmanKernel& kernel) {
  const GuardedBuffer guarded_stream(bytes_of(stream)), guarded_output(output.size());
  const HuffmanCoder coder(kBlockLimit, kernel);
  const auto size = coder.decode(guarded_stream.bytes(), guarded_output.bytes());
  EXPECT_TRUE(guarded_output.intact());
  std::ranges::copy(guarded_output.bytes(), bytes_of(output).begin());
  return size;
}

void expect_round_trip(const ByteVector& input, std::size_t block_limit = kBlockLimit) {
  const ByteVector stream = encoded(input, huffman_kernels().front(), block_limit);
  for (const HuffmanKernel& kernel : huffman_kernels()) {
    EXPECT_EQ(encoded(input, kernel, block_limit), stream) << kernel.name;
    ByteVector output(input.size(), 0xa5);
    const auto size = decode_into(output, stream, kernel);
    ASSERT_TRUE(size.has_value()) << kernel.name << ", " << input.size() << " bytes";
    EXPECT_EQ(size.value(), input.size());
    EXPECT_EQ(output, input) << kernel.name;
  }
}

// Symbol k has probability (1 - p) p^k, roughly.
ByteVector geometric(std::size_t size, double p, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  ByteVector bytes(size);
  for (auto& byte : bytes) {
    const double uniform = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
    byte = static_cast<std::uint8_t>(std::min(255.0, std::log(uniform) / std::log(p)));
  }
  return bytes;
}

ByteVector uniform(std::size_t size, unsigned alphabet, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  ByteVector bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % alphabet);
  return bytes;
}

// Counts 1, 1, 2, 3, 5, ...: without a limit, the deepest tree for its size.
ByteVector fibonacci(unsigned symbols, std::uint64_t seed) {
  ByteVector bytes;
  std::size_t count = 1, next = 1;
  for (unsigned symbol = 0; symbol < symbols; ++symbol) {
    bytes.insert(bytes.end(), count, static_cast<std::uint8_t>(symbol * 7));
    count = std::exchange(next, count + next);
  }
  std::ranges::shuffle(bytes, std::mt19937_64(seed));
  return bytes;
}

TEST(Huffman, EmptyInputIsAnEmptyStream) {
  EXPECT_TRUE(encoded({}, huffman_kernels().front()).empty());
  expect_round_trip({});
}

TEST(Huffman, RoundTripsSmallAndDegenerateInputs) {
  expect_round_trip({0});
  expect_round_trip({255});
  expect_round_trip(ByteVector(1000000, 7));
  expect_round_trip({1, 2});
  ByteVector two(5000, 3);
  two[4999] = 200;
  expect_round_trip(two);
  ByteVector all(256 * 100);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  expect_round_trip(all);
}

TEST(Huffman, RoundTripsEveryLengthUpTo4096) {
  const ByteVector source = geometric(4096, 0.7, 1);
  for (std::size_t size = 0; size <= source.size(); ++size) {
    expect_round_trip({source.begin(), source.begin() + static_cast<std::ptrdiff_t>(size)});
    if (HasFailure()) break;
  }
}

TEST(Huffman, RoundTripsLengthsAroundTheLaneThresholds) {
  const ByteVector source = geometric(200000, 0.8, 2);
  for (const std::size_t middle : {8192, 65536, 131072, 131072 + 128}) {
    for (std::size_t size = middle - 3; size <= middle + 3; ++size) {
      expect_round_trip({source.begin(), source.begin() + static_cast<std::ptrdiff_t>(size)});
    }
  }
}

TEST(Huffman, RoundTripsTheDeepestTrees) {
  for (unsigned symbols = 2; symbols <= 30; ++symbols) expect_round_trip(fibonacci(symbols, 3));
}

TEST(Huffman, RoundTripsMoreThanAMegabyte) {
  for (const double p : {0.1, 0.5, 0.9, 0.99}) expect_round_trip(geometric(1500001, p, 4));
  expect_round_trip(uniform(1100000, 256, 5));
  expect_round_trip(uniform(1100000, 200, 6));
}

TEST(Huffman, RoundTripsManySmallBlocks) {
  expect_round_trip(geometric(300000, 0.8, 7), 1024);
  expect_round_trip(geometric(30000, 0.8, 8), 1);
}

TEST(Huffman, CutsABlockWhereStatisticsChange) {
  ByteVector input = uniform(262144, 4, 9);
  for (const std::uint8_t byte : uniform(262144, 4, 10)) {
    input.push_back(static_cast<std::uint8_t>(100 + byte));
  }
  const std::size_t size = encoded(input, huffman_kernels().front()).size();
  EXPECT_LT(size, input.size() / 4 + 1200);
  expect_round_trip(input);
}

TEST(Huffman, RandomInputGrowsByLessThanTheBoundAndIsStored) {
  const ByteVector input = uniform(1 << 20, 256, 11);
  EXPECT_LE(encoded(input, huffman_kernels().front()).size(), input.size() + 100);
}

TEST(Huffman, TheReferenceDecoderReadsTheSameStream) {
  for (const std::size_t size : {9, 100, 5000, 20001, 200003}) {
    for (const double p : {0.1, 0.6, 0.95}) {
      const ByteVector input = geometric(size, p, 12);
      const ByteVector stream = encoded(input, huffman_kernels().front());
      EXPECT_EQ(reference::HuffmanDecoder(stream).decode(size), input) << size << " " << p;
    }
  }
  const ByteVector deep = fibonacci(26, 13);
  EXPECT_EQ(reference::HuffmanDecoder(encoded(deep, huffman_kernels().front())).decode(deep.size()),
            deep);
}

TEST(Huffman, EncodingIntoTooLittleRoomIsAFault) {
  HuffmanCoder coder(kBlockLimit, huffman_kernels().front());
  const ByteVector input = geometric(30000, 0.8, 14);
  const std::size_t needed = encoded(input, huffman_kernels().front()).size();
  for (std::size_t room = 0; room < needed; room += 1 + room / 8) {
    ByteVector output(room);
    const auto size = coder.encode(bytes_of(input), bytes_of(output));
    ASSERT_FALSE(size.has_value()) << room;
    EXPECT_EQ(size.error(), Fault::output_too_small);
  }
}

TEST(Huffman, TruncatedStreamsAreCorrupt) {
  for (const std::size_t size : {50, 3000, 20000, 140000}) {
    const ByteVector stream = encoded(geometric(size, 0.8, 15), huffman_kernels().front());
    for (const HuffmanKernel& kernel : huffman_kernels()) {
      for (std::size_t left = 0; left < stream.size(); left += 1 + left / 50) {
        ByteVector output(size);
        const ByteVector cut(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(left));
        EXPECT_FALSE(decode_into(output, cut, kernel).has_value()) << size << " cut to " << left;
      }
    }
  }
}

TEST(Huffman, BytesAfterTheEndAreCorrupt) {
  ByteVector stream = encoded(geometric(3000, 0.8, 16), huffman_kernels().front());
  stream.push_back(0);
  ByteVector output(3000);
  EXPECT_FALSE(decode_into(output, stream, huffman_kernels().front()).has_value());
}

TEST(Huffman, DecodingToAnotherSizeIsCorrupt) {
  const ByteVector stream = encoded(geometric(3000, 0.8, 17), huffman_kernels().front());
  for (const std::size_t size : {0, 1, 2999, 3001, 100000}) {
    ByteVector output(size);
    EXPECT_FALSE(decode_into(output, stream, huffman_kernels().front()).has_value()) << size;
  }
}

// A flipped bit may decode to other bytes (there is no checksum), but alike in every kernel, and
// never outside the spans: the address sanitizer watches.
TEST(Huffman, EveryKernelJudgesDamagedStreamsAlike) {
  std::mt19937_64 random(18);
  for (const std::size_t size : {400, 20000, 140000}) {
    const ByteVector stream = encoded(geometric(size, 0.8, random()), huffman_kernels().front());
    for (int trial = 0; trial < 300; ++trial) {
      ByteVector damaged = stream;
      const std::size_t reach = trial % 2 == 0 ? 100 : damaged.size();
      damaged[random() % std::min(reach, damaged.size())] ^=
          static_cast<std::uint8_t>(1u << random() % 8);
      ByteVector expected(size);
      const bool accepted = decode_into(expected, damaged, huffman_kernels().back()).has_value();
      for (const HuffmanKernel& kernel : huffman_kernels()) {
        ByteVector output(size);
        EXPECT_EQ(decode_into(output, damaged, kernel).has_value(), accepted) << kernel.name;
        if (accepted) {
          EXPECT_EQ(output, expected) << kernel.name;
        }
      }
    }
  }
}

TEST(Huffman, RandomStreamsAreRefusedOrDecodedButNeverHarmful) {
  std::mt19937_64 random(19);
  for (int trial = 0; trial < 3000; ++trial) {
    ByteVector stream = uniform(random() % 3000, 256, random());
    if (!stream.empty()) stream[0] = static_cast<std::uint8_t>(random() % 6);
    ByteVector output(random() % 5000);
    for (const HuffmanKernel& kernel : huffman_kernels()) {
      const auto size = decode_into(output, stream, kernel);
      if (size) {
        EXPECT_EQ(size.value(), output.size());
      }
    }
  }
}

TEST(Huffman, IdealBitsAreTheEntropyOfTheBlocks) {
  const ByteVector input = uniform(65536, 16, 20);
  const HuffmanCoder coder(kBlockLimit, huffman_kernels().front());
  EXPECT_NEAR(coder.ideal_bits(bytes_of(input)), 65536 * 4.0, 65536 * 0.001);
  EXPECT_EQ(coder.ideal_bits({}), 0);
  EXPECT_LE(coder.ideal_bits(bytes_of(input)) / 8,
            static_cast<double>(encoded(input, huffman_kernels().front()).size()));
}

TEST(Huffman, TheCodecFiltersAndRoundTrips) {
  const Registry registry = builtin_codecs();
  const CodecInfo* info = registry.find("huffman");
  ASSERT_NE(info, nullptr);
  ByteVector wave(100001);
  for (std::size_t i = 0; i < wave.size(); ++i) {
    wave[i] = static_cast<std::uint8_t>(128 + 100 * std::sin(static_cast<double>(i) / 500));
  }
  std::size_t plain = 0;
  for (const char* delta : {"0", "1", "2", "4"}) {
    const Params params("huffman", info->parameters, {{"delta", delta}, {"stride", "1"}});
    const auto codec = info->make(params);
    ByteVector stream(codec->bound(wave.size())), output(wave.size());
    const auto size = codec->encode(bytes_of(wave), bytes_of(stream));
    ASSERT_TRUE(size.has_value());
    stream.resize(size.value());
    ASSERT_TRUE(codec->decode(bytes_of(stream), bytes_of(output)).has_value());
    EXPECT_EQ(output, wave) << delta;
    if (plain == 0) plain = stream.size();
    if (*delta == '1') {
      EXPECT_LT(stream.size(), plain / 3);
    }
  }
}

}  // namespace
}  // namespace evalzip
