#include "codecs/arithmetic.h"

#include <algorithm>
#include <cctype>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/codec_spec.h"
#include "codecs/registry.h"
#include "tests/arithmetic_textbook.h"

namespace evalzip {
namespace {

using Block = std::vector<std::byte>;

constexpr std::uint32_t kSeed = 20;

Block random_block(std::size_t size, unsigned distinct, std::uint32_t seed) {
  std::mt19937 random(seed);
  Block block(size);
  for (std::byte& byte : block) byte = static_cast<std::byte>(random() % distinct);
  return block;
}

// Byte i is twice to once as frequent as byte i + 1, in the ratio of Fibonacci numbers.
Block fibonacci_block(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  Block block(size);
  for (std::byte& byte : block) {
    unsigned value = 0;
    while (value < 255 && random() % 1000 < 382) ++value;
    byte = static_cast<std::byte>(value);
  }
  return block;
}

Block text_block(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  const std::string_view words[] = {"the ",           "interval ", "of a ",  "symbol ",
                                    "is its share, ", "no more. ", "Carry ", "one!\n"};
  Block block;
  while (block.size() < size) {
    for (const char c : words[random() % std::size(words)])
      block.push_back(static_cast<std::byte>(c));
  }
  block.resize(size);
  return block;
}

class Arithmetic : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Codec> codec() const {
    static const Registry codecs = builtin_codecs();
    const CodecSpec spec = parse_codec_spec(codecs, GetParam());
    return spec.codec->make(spec.params);
  }

  static Block encoded(Codec& codec, const Block& block) {
    Block output(codec.bound(block.size()));
    const Result<std::size_t> size = codec.encode(block, output);
    EXPECT_TRUE(size);
    output.resize(size ? size.value() : 0);
    output.shrink_to_fit();
    return output;
  }

  static void expect_round_trip(Codec& codec, const Block& block) {
    const Block bytes = encoded(codec, block);
    ASSERT_LE(bytes.size(), codec.bound(block.size()));
    Block back(block.size(), std::byte{0xE5});
    const Result<std::size_t> size = codec.decode(bytes, back);
    ASSERT_TRUE(size) << block.size() << " bytes";
    EXPECT_EQ(size.value(), block.size());
    ASSERT_TRUE(back == block) << block.size() << " bytes";
  }
};

TEST_P(Arithmetic, EveryShortLengthComesBack) {
  const auto coder = codec();
  const Block text = text_block(4096, kSeed);
  for (std::size_t size = 0; size <= 4096; size += size < 300 ? 1 : 13) {
    expect_round_trip(*coder,
                      Block(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size)));
  }
  expect_round_trip(*coder, text);
}

TEST_P(Arithmetic, BlocksOfFewValuesComeBack) {
  const auto coder = codec();
  for (const unsigned distinct : {1u, 2u, 3u, 4u, 6u, 7u, 16u, 17u, 255u, 256u}) {
    for (const std::size_t size : {1u, 2u, 3u, 100u, 4095u, 4096u, 4097u, 10001u}) {
      expect_round_trip(*coder, random_block(size, distinct, kSeed + distinct));
    }
  }
}

TEST_P(Arithmetic, SkewedAndChangingBlocksComeBack) {
  const auto coder = codec();
  expect_round_trip(*coder, fibonacci_block(300000, kSeed));
  Block changing = text_block(100000, kSeed);
  const Block noise = random_block(100000, 256, kSeed);
  changing.insert(changing.end(), noise.begin(), noise.end());
  changing.insert(changing.end(), 100000, std::byte{7});
  expect_round_trip(*coder, changing);
}

TEST_P(Arithmetic, AMegabyteAndMoreComesBack) {
  const auto coder = codec();
  expect_round_trip(*coder, text_block((1 << 20) + 3, kSeed));
  expect_round_trip(*coder, random_block((1 << 20) + 1, 256, kSeed));
}

TEST_P(Arithmetic, TheTextbookDecodesTheSame) {
  const auto coder = codec();
  std::vector<Block> blocks{{}, Block(9, std::byte{5}), fibonacci_block(20000, kSeed)};
  for (const std::size_t size : {1u, 2u, 100u, 4095u, 4096u, 30011u}) {
    blocks.push_back(text_block(size, kSeed));
    for (const unsigned distinct : {2u, 7u, 40u, 256u}) {
      blocks.push_back(random_block(size, distinct, kSeed));
      // Half of it one value, so that 256 values shrink too.
      for (std::size_t i = 0; i < size; i += 2) blocks.back()[i] = std::byte{0};
    }
  }
  for (const Block& block : blocks) {
    std::vector<std::uint8_t> bytes, expected;
    for (const std::byte byte : encoded(*coder, block)) {
      bytes.push_back(std::to_integer<std::uint8_t>(byte));
    }
    for (const std::byte byte : block) expected.push_back(std::to_integer<std::uint8_t>(byte));
    ASSERT_TRUE(textbook::decoded(bytes, block.size()) == expected) << block.size() << " bytes";
  }
}

TEST_P(Arithmetic, ACodecKeepsNothingFromOneBlockToTheNext) {
  const auto coder = codec();
  const Block block = text_block(20000, kSeed);
  const Block first = encoded(*coder, block);
  encoded(*coder, random_block(100000, 256, kSeed));
  EXPECT_TRUE(encoded(*coder, block) == first);
}

TEST_P(Arithmetic, TheLossAgainstTheModelIsSmall) {
  const auto coder = codec();
  for (const Block& block : {text_block(1 << 20, kSeed), fibonacci_block(1 << 20, kSeed)}) {
    const double ideal_bytes = coder->ideal_bits(block).value() / 8;
    const auto size = static_cast<double>(encoded(*coder, block).size());
    // The coder's own loss, then the header: kind, alphabet, pace or widths, lengths, end marks.
    const double header =
        1 + 33 + (GetParam().find("static") != std::string::npos ? 512 : 1) + 9 + 8;
    EXPECT_LE(size, ideal_bytes * 1.0001 + 8 + header);
    EXPECT_GE(size, ideal_bytes * 0.9999);
  }
}

TEST_P(Arithmetic, OutputWithoutRoomIsRefusedAndNotOverrun) {
  const auto coder = codec();
  for (const Block& block : {text_block(600, kSeed), random_block(600, 256, kSeed)}) {
    const std::size_t size = encoded(*coder, block).size();
    for (std::size_t room = 0; room < size; room += 7) {
      Block output(room);
      const Result<std::size_t> result = coder->encode(block, output);
      ASSERT_FALSE(result) << room << " of " << size;
      EXPECT_EQ(result.error(), Fault::output_too_small);
    }
    Block exact(size);
    EXPECT_TRUE(coder->encode(block, exact));
  }
}

TEST_P(Arithmetic, EveryTruncationIsAFault) {
  const auto coder = codec();
  for (const Block& block : {text_block(300, kSeed), text_block(9000, kSeed)}) {
    const Block bytes = encoded(*coder, block);
    Block back(block.size());
    for (std::size_t size = 0; size<bytes.size(); size += bytes.size()> 1000 ? 17 : 1) {
      const Block cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(coder->decode(cut, back)) << size << " of " << bytes.size();
    }
    Block longer = bytes;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(coder->decode(longer, back));
  }
}

TEST_P(Arithmetic, AWrongSizeIsAFault) {
  const auto coder = codec();
  const Block bytes = encoded(*coder, text_block(9000, kSeed));
  for (const std::size_t size : {0u, 1u, 4095u, 4096u, 8000u, 9500u, 20000u}) {
    Block back(size);
    EXPECT_FALSE(coder->decode(bytes, back)) << size;
  }
}

// A flipped bit may lie where it changes nothing that can be known, such as the number of a byte in
// the alphabet; but where the decoder loses its way, the end marks tell.
TEST_P(Arithmetic, FlippedBitsAreMostlyFaultsAndNeverOverrun) {
  const auto coder = codec();
  const Block block = text_block(9000, kSeed);
  const Block bytes = encoded(*coder, block);
  Block back(block.size());
  std::size_t tried = 0, noticed = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 29) {
    Block flipped = bytes;
    flipped[bit / 8] ^= std::byte{1} << bit % 8;
    ++tried;
    if (!coder->decode(flipped, back)) ++noticed;
  }
  EXPECT_GT(noticed, tried * 95 / 100) << "of " << tried;
}

TEST_P(Arithmetic, AnyBytesDecodeWithoutOverrun) {
  const auto coder = codec();
  std::mt19937 random(kSeed);
  const Block good = encoded(*coder, text_block(5000, kSeed));
  for (int trial = 0; trial < 1000; ++trial) {
    Block bytes(random() % 600);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    // Half of them begin as a good block does, to get past the first checks.
    if (trial % 2 == 0) {
      std::copy_n(good.begin(), std::min(bytes.size(), std::size_t{30}), bytes.begin());
    }
    Block back(random() % 6000);
    const Result<std::size_t> result = coder->decode(bytes, back);
    EXPECT_TRUE(!result || result.value() == back.size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Settings, Arithmetic,
    testing::Values("arithmetic:order=0", "arithmetic:order=1", "arithmetic:order=2",
                    "arithmetic:model=static", "arithmetic:order=0,model=binary",
                    "arithmetic:order=1,model=binary", "arithmetic:order=2,model=binary",
                    "arithmetic:order=0,model=kt", "arithmetic:order=1,model=kt",
                    "arithmetic:order=2,model=kt"),
    [](const auto& setting) {
      std::string name = setting.param.substr(11);
      const auto outside = [](unsigned char c) { return std::isalnum(c) == 0; };
      std::replace_if(name.begin(), name.end(), outside, '_');
      return name;
    });

TEST(ArithmeticCodec, AStaticModelHasNoHigherOrder) {
  const Registry codecs = builtin_codecs();
  const CodecSpec spec = parse_codec_spec(codecs, "arithmetic:order=1,model=static");
  EXPECT_THROW(spec.codec->make(spec.params), SpecError);
}

TEST(ArithmeticCodec, ABlockOfAnotherSettingIsAFault) {
  const Block block = text_block(5000, kSeed);
  ArithmeticBlockCoder zero({.order = 0}), one({.order = 1}), kt({.model = ArithmeticModel::kt});
  Block bytes(ArithmeticBlockCoder::bound(block.size())), back(block.size());
  bytes.resize(zero.encode(block, bytes).value());
  EXPECT_TRUE(zero.decode(bytes, back));
  EXPECT_FALSE(one.decode(bytes, back));
  EXPECT_FALSE(kt.decode(bytes, back));
}

}  // namespace
}  // namespace evalzip
