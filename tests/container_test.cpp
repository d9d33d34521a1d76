// The laws of container/evz_stream.h: what goes in comes out, and nothing else does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <random>

#include "codecs/codec_spec.h"
#include "container/container_error.h"
#include "container/evz_stream.h"
#include "container/fields.h"
#include "container/ordered_pipeline.h"

namespace evalzip {
namespace {

using Kind = ContainerError::Kind;

std::vector<std::byte> skewed_bytes(std::size_t size, unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(random() % 7 == 0 ? random() % 256 : random() % 16);
  }
  return bytes;
}

ByteSource source_of(Bytes bytes) {
  return [bytes](MutableBytes buffer) mutable {
    const std::size_t size = std::min(buffer.size(), bytes.size());
    if (size > 0) std::memcpy(buffer.data(), bytes.data(), size);
    bytes = bytes.subspan(size);
    return size;
  };
}

ByteSink sink_of(std::vector<std::byte>& bytes) {
  return [&bytes](Bytes more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
}

class Container : public testing::Test {
 protected:
  EvzHeader header(std::uint32_t block_bytes) const {
    return {
        .block_bytes = block_bytes, .codec = "huffman", .codec_version = "1", .model_sha256 = {}};
  }

  EvzWork work(unsigned threads = 1) const {
    return {.make = [this] { return spec_.codec->make(spec_.params); }, .threads = threads};
  }

  std::vector<std::byte> packed(Bytes raw, std::uint32_t block_bytes, unsigned threads = 1) const {
    std::vector<std::byte> file;
    compress(header(block_bytes), work(threads), source_of(raw), sink_of(file));
    return file;
  }

  std::vector<std::byte> unpacked(Bytes file, unsigned threads = 1) const {
    std::vector<std::byte> raw;
    const ByteSource source = source_of(file);
    const SizedHeader head = read_evz_header(source);
    decompress(head, work(threads), source, sink_of(raw));
    return raw;
  }

  // Null: the bytes were accepted.
  std::optional<Kind> refusal(Bytes file) const {
    try {
      unpacked(file);
    } catch (const ContainerError& error) {
      return error.kind();
    }
    return std::nullopt;
  }

  const Registry registry_ = builtin_codecs();
  const CodecSpec spec_ = parse_codec_spec(registry_, "huffman");
};

TEST_F(Container, GivesBackWhatWentInForSizesAroundTheBlocks) {
  for (const std::size_t size : {0, 1, 999, 1000, 1001, 2000, 12'345}) {
    const auto raw = skewed_bytes(size, 1);
    EXPECT_EQ(unpacked(packed(raw, 1000)), raw) << size;
  }
}

TEST_F(Container, IsTheSameForAnyNumberOfThreads) {
  const auto raw = skewed_bytes(100'000, 2);
  const auto one = packed(raw, 1000);
  EXPECT_EQ(packed(raw, 1000, 2), one);
  EXPECT_EQ(packed(raw, 1000, 7), one);
  EXPECT_EQ(unpacked(one, 7), raw);
}

TEST_F(Container, StoresWhatDoesNotShrinkAtThePriceOfTheHeads) {
  std::minstd_rand random(3);
  std::vector<std::byte> raw(10'000);
  for (std::byte& byte : raw) byte = static_cast<std::byte>(random() >> 8);
  const auto file = packed(raw, 1000);
  EXPECT_LT(file.size(), raw.size() + 10 * 40 + 120);
  EXPECT_EQ(unpacked(file), raw);
}

TEST_F(Container, TellsItsTotalsWithoutItsBlocks) {
  const auto raw = skewed_bytes(12'345, 4);
  const auto file = packed(raw, 1000);
  const EvzSummary summary = summarise_evz(file.size(), [&](std::uint64_t at, MutableBytes bytes) {
    std::memcpy(bytes.data(), file.data() + at, bytes.size());
  });
  EXPECT_EQ(summary.totals.raw_bytes, raw.size());
  EXPECT_EQ(summary.totals.blocks, 13U);
  EXPECT_EQ(summary.totals.hash, digest_of(raw));
  EXPECT_EQ(summary.header.codec, "huffman");
}

TEST_F(Container, RefusesEveryFlippedByteOfAFile) {
  auto file = packed(skewed_bytes(110'000, 5), 30'000);
  ASSERT_GT(file.size(), 60'000U);
  for (std::size_t at = 0; at < file.size(); ++at) {
    const std::byte flip{static_cast<unsigned char>(1 + at % 255)};
    file[at] ^= flip;
    ASSERT_TRUE(refusal(file)) << "byte " << at;
    file[at] ^= flip;
  }
  EXPECT_FALSE(refusal(file));
}

TEST_F(Container, RefusesEveryTruncationAndEveryByteMore) {
  auto file = packed(skewed_bytes(110'000, 6), 30'000);
  for (std::size_t size = 0; size < file.size(); ++size) {
    ASSERT_EQ(refusal(Bytes(file).first(size)), Kind::damaged) << size << " bytes";
  }
  file.push_back(std::byte{0});
  EXPECT_EQ(refusal(file), Kind::damaged);
}

TEST_F(Container, RefusesBlocksOfAnotherFileAndAnotherOrder) {
  // Stored blocks of one size: 1000 bytes after a head of 33.
  const auto blocks_of = [&](unsigned seed) {
    std::minstd_rand random(seed);
    std::vector<std::byte> raw(3000);
    for (std::byte& byte : raw) byte = static_cast<std::byte>(random() >> 8);
    return packed(raw, 1000);
  };
  const auto file = blocks_of(7), other = blocks_of(8);
  const std::size_t head = write_evz_header(header(1000)).size(), block = 1033;
  auto mixed = file;
  std::copy_n(other.begin() + head, block, mixed.begin() + head);
  EXPECT_EQ(refusal(mixed), Kind::damaged);
  mixed = file;
  std::swap_ranges(mixed.begin() + head, mixed.begin() + head + block,
                   mixed.begin() + head + block);
  EXPECT_EQ(refusal(mixed), Kind::damaged);
}

TEST_F(Container, SaysThatAnotherKindOfFileIsNotOurs) {
  EXPECT_EQ(refusal(skewed_bytes(1000, 9)), Kind::not_ours);
  EXPECT_EQ(refusal(std::as_bytes(std::span("GIF", 3))), Kind::not_ours);
}

TEST_F(Container, SaysThatANewerVersionIsNotOurs) {
  auto file = packed(skewed_bytes(1000, 10), 1000);
  file[8] = std::byte{2};
  EXPECT_EQ(refusal(file), Kind::not_ours);
}

// Sizes that lie are made by hand, with checksums that are right.
TEST_F(Container, TakesNoMemoryForSizesThatLie) {
  FieldWriter file;
  std::vector<std::byte> bytes = write_evz_header(header(kMostBlockBytes));
  FieldWriter head;
  head.number(std::uint8_t{2}).number(kMostBlockBytes).number(kMostBlockBytes).array(Digest{});
  bytes.insert(bytes.end(), head.bytes().begin(), head.bytes().end());
  bytes.resize(bytes.size() + 100);
  std::size_t most_asked = 0;
  const ByteSource inner = source_of(bytes);
  const ByteSource source = [&](MutableBytes buffer) {
    most_asked = std::max(most_asked, buffer.size());
    return inner(buffer);
  };
  const SizedHeader sized = read_evz_header(source);
  EXPECT_THROW(decompress(sized, work(), source, [](Bytes) {}), ContainerError);
  EXPECT_LT(most_asked, 1'000'000U);
}

TEST_F(Container, GivesTheBlocksBeforeADamagedOne) {
  const auto raw = skewed_bytes(10'000, 11);
  auto file = packed(raw, 1000);
  file[file.size() / 2] ^= std::byte{1};
  std::vector<std::byte> got;
  const ByteSource source = source_of(file);
  const SizedHeader head = read_evz_header(source);
  EXPECT_THROW(decompress(head, work(3), source, sink_of(got)), ContainerError);
  ASSERT_GE(got.size(), 4000U);
  EXPECT_TRUE(std::equal(got.begin(), got.end(), raw.begin()));
}

TEST(OrderedPipelineTest, DrainsInTheOrderOfFilling) {
  OrderedPipeline<int> pipeline(4, 1, [](unsigned, int& slot) {
    std::this_thread::sleep_for(std::chrono::microseconds((slot * 7919) % 300));
    slot = -slot;
  });
  int next = 0;
  std::vector<int> drained;
  pipeline.run([&](int& slot) { return (slot = ++next) <= 500; },
               [&](int& slot) { drained.push_back(-slot); });
  std::vector<int> expected(500);
  std::generate(expected.begin(), expected.end(), [n = 0]() mutable { return ++n; });
  EXPECT_EQ(drained, expected);
}

TEST(OrderedPipelineTest, ThrowsWhatWorkThrowsAfterWhatCameBefore) {
  OrderedPipeline<int> pipeline(3, 5, [](unsigned, int& slot) {
    if (slot == 10) throw std::runtime_error("ten");
  });
  int next = 0;
  std::vector<int> drained;
  EXPECT_THROW(pipeline.run([&](int& slot) { return (slot = ++next) <= 500; },
                            [&](int& slot) { drained.push_back(slot); }),
               std::runtime_error);
  EXPECT_THAT(drained, testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9));
}

}  // namespace
}  // namespace evalzip
