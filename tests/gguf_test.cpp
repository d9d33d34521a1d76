#include "codecs/llm/gguf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "codecs/llm/gguf_writer.h"
#include "codecs/llm/model_error.h"
#include "tests/raw_gguf.h"
#include "tests/temporary_folder.h"
#include "tests/written_bytes.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint32_t kU32 = 4, kArray = 9, kF32 = 0;

// What the reader says of bad bytes.
std::string refusal(const std::vector<std::byte>& bytes) {
  try {
    const ModelFile model = parse_gguf(bytes, "bad.gguf");
    return "accepted";
  } catch (const ModelError& error) {
    return error.what();
  }
}

// Reads everything that a user could, so that sanitizers see every view.
std::uint64_t touch(const ModelFile& model) {
  std::uint64_t sum = 0;
  for (const TensorView& tensor : model.tensors()) {
    for (const std::byte byte : tensor.bytes) sum += std::to_integer<std::uint64_t>(byte);
    sum += tensor.row(tensor.rows() - 1).size() + tensor.name.size();
  }
  for (const auto& [key, value] : model.metadata().all()) {
    sum += key.size();
    if (const auto* text = std::get_if<std::string_view>(&value.value)) {
      for (const char letter : *text) sum += static_cast<unsigned char>(letter);
    }
  }
  return sum;
}

RawGguf one_tensor(std::vector<std::uint64_t> sizes, std::uint32_t type, std::uint64_t offset) {
  RawGguf file(3, 1, 0);
  file.put_tensor("w", sizes, type, offset).put_area(64);
  return file;
}

// A file with a value of every kind and two tensors.
std::vector<std::byte> small_file() {
  GgufWriter writer;
  writer.add("general.architecture", "llama");
  writer.add("llama.block_count", std::uint32_t{6});
  writer.add("llama.eps", 1e-5f);
  writer.add("flag", true);
  const std::vector<std::string> texts = {"a", "", "c d"};
  writer.add("texts", std::span<const std::string>(texts));
  const std::vector<float> numbers = {0.5f, -1.0f};
  writer.add("numbers", std::span<const float>(numbers));
  const std::vector<std::int32_t> integers = {-1, 7};
  writer.add("integers", std::span<const std::int32_t>(integers));
  const std::vector<std::byte> first(24, std::byte{1}), second(32, std::byte{2});
  writer.add_tensor("norm", TensorType::f32, std::vector<std::uint64_t>{6}, first);
  writer.add_tensor("matrix", TensorType::f16, std::vector<std::uint64_t>{2, 8}, second);
  return written_bytes(writer);
}

TEST(Gguf, ReaderGivesBackWhatTheWriterWasTold) {
  const std::vector<std::byte> bytes = small_file();
  const ModelFile model = parse_gguf(bytes, "small.gguf");
  const Metadata& metadata = model.metadata();
  EXPECT_EQ(metadata.text("general.architecture"), "llama");
  EXPECT_EQ(metadata.whole_number("llama.block_count"), 6u);
  EXPECT_EQ(metadata.number("llama.block_count"), 6.0);
  EXPECT_EQ(metadata.number("llama.eps"), double{1e-5f});
  EXPECT_EQ(metadata.find_flag("flag"), true);
  EXPECT_THAT(metadata.texts("texts"), ElementsAre("a", "", "c d"));
  EXPECT_THAT(*metadata.find_numbers("numbers"), ElementsAre(0.5, -1.0));
  EXPECT_THAT(*metadata.find_integers("integers"), ElementsAre(-1, 7));
  EXPECT_FALSE(metadata.find_text("absent").has_value());
  ASSERT_EQ(model.tensors().size(), 2u);
  const TensorView& matrix = model.tensor("matrix");
  EXPECT_THAT(matrix.shape, ElementsAre(2, 8));
  EXPECT_EQ(matrix.type, TensorType::f16);
  EXPECT_EQ(matrix.rows(), 2u);
  EXPECT_EQ(matrix.columns(), 8u);
  EXPECT_EQ(matrix.row(1).size(), 16u);
  EXPECT_EQ(matrix.row(1)[15], std::byte{2});
  EXPECT_EQ(model.find_tensor("other"), nullptr);
}

TEST(Gguf, FileIsMappedFromDisk) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "small.gguf";
  write_bytes(path, small_file());
  const ModelFile model = open_model_file(path);
  const ModelFile moved(ModelFile(open_model_file(path)));
  EXPECT_EQ(touch(model), touch(moved));
  EXPECT_EQ(moved.tensor("norm").bytes[23], std::byte{1});
  EXPECT_EQ(moved.name(), path.string());
}

TEST(Gguf, MissingAndEmptyFilesAndFoldersAreNamed) {
  const TemporaryFolder folder;
  EXPECT_THROW(open_model_file(folder.path()), ModelError);
  EXPECT_THROW(open_model_file(folder.path() / "none.gguf"), ModelError);
  write_bytes(folder.path() / "empty.gguf", {});
  try {
    open_model_file(folder.path() / "empty.gguf");
    FAIL() << "an empty file was accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("empty.gguf"));
    EXPECT_THAT(error.what(), HasSubstr("neither a GGUF nor a safetensors file"));
  }
}

TEST(Gguf, Version2IsReadLikeVersion3) {
  RawGguf file(2, 1, 1);
  file.put_key("n", kU32).put(std::uint32_t{5}).put_tensor("w", {16}, kF32, 0).put_area(64);
  const ModelFile model = parse_gguf(file.bytes(), "v2.gguf");
  EXPECT_EQ(model.metadata().whole_number("n"), 5u);
  EXPECT_EQ(model.tensor("w").bytes.size(), 64u);
}

TEST(Gguf, OtherVersionsAndByteOrdersAreRefusedWithARemedy) {
  EXPECT_THAT(refusal(RawGguf(1, 0, 0).bytes()), HasSubstr("GGUF version 1, where evalzip reads"));
  EXPECT_THAT(refusal(RawGguf(4, 0, 0).bytes()), HasSubstr("GGUF version 4"));
  EXPECT_THAT(refusal(RawGguf(3u << 24, 0, 0).bytes()), HasSubstr("big-endian"));
}

TEST(Gguf, EveryTruncationIsRefused) {
  const std::vector<std::byte> bytes = small_file();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    // A copy of its own size, so that a sanitizer sees a step beyond it.
    const std::vector<std::byte> part(bytes.begin(), bytes.begin() + static_cast<long>(size));
    EXPECT_NE(refusal(part), "accepted") << size << " of " << bytes.size() << " bytes";
  }
}

TEST(Gguf, EveryFlippedBitGivesAModelOrARefusal) {
  const std::vector<std::byte> bytes = small_file();
  int accepted = 0, refused = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::vector<std::byte> damaged = bytes;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    try {
      touch(parse_gguf(damaged, "damaged.gguf"));
      ++accepted;
    } catch (const ModelError&) {
      ++refused;
    }
  }
  EXPECT_GT(accepted, 0);  // texts and weights
  EXPECT_GT(refused, 0);   // counts and lengths
}

TEST(Gguf, CountsLargerThanTheFileCostNoMemory) {
  constexpr auto kHuge = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT(refusal(RawGguf(3, kHuge, 0).bytes()), HasSubstr("the number of tensors"));
  EXPECT_THAT(refusal(RawGguf(3, 0, kHuge).bytes()), HasSubstr("the number of metadata keys"));
  for (std::uint32_t type = 0; type < 13; ++type) {
    RawGguf file(3, 0, 1);
    file.put_key("a", kArray).put(type).put(std::uint64_t{1} << 40).put_area(64);
    EXPECT_THAT(refusal(file.bytes()), HasSubstr("the length of an array")) << type;
  }
  RawGguf text(3, 0, 1);
  text.put_key("a", 8).put(kHuge).put_area(64);
  EXPECT_THAT(refusal(text.bytes()), HasSubstr("a text"));
  RawGguf key(3, 0, 1);
  key.put(kHuge).put_area(64);
  EXPECT_THAT(refusal(key.bytes()), HasSubstr("a metadata key"));
}

TEST(Gguf, NestedArraysAreReadToAFixedDepth) {
  const auto nested = [](int depth) {
    RawGguf file(3, 0, 1);
    file.put_text("a").put(kArray);
    for (int i = 1; i < depth; ++i) file.put(kArray).put(std::uint64_t{1});
    file.put(kU32).put(std::uint64_t{1}).put(std::uint32_t{9});
    return file;
  };
  EXPECT_EQ(refusal(nested(1).bytes()), "accepted");
  EXPECT_EQ(refusal(nested(4).bytes()), "accepted");
  EXPECT_THAT(refusal(nested(5).bytes()), HasSubstr("arrays lie over 4 deep"));
  EXPECT_THAT(refusal(nested(100000).bytes()), HasSubstr("arrays lie over 4 deep"));
}

TEST(Gguf, UnknownValueTypesAndFlagsAreRefused) {
  RawGguf type(3, 0, 1);
  type.put_key("a", 13).put_area(64);
  EXPECT_THAT(refusal(type.bytes()), HasSubstr("type 13"));
  RawGguf flag(3, 0, 1);
  flag.put_key("a", 7).put(std::uint8_t{2}).put_area(64);
  EXPECT_THAT(refusal(flag.bytes()), HasSubstr("a flag is 2"));
}

TEST(Gguf, TensorsMayNotOverlap) {
  RawGguf file(3, 2, 0);
  file.put_tensor("one", {16}, kF32, 0).put_tensor("two", {16}, kF32, 32).put_area(96);
  EXPECT_THAT(refusal(file.bytes()), HasSubstr("shares bytes with one"));
}

TEST(Gguf, TensorsMayNotLeaveTheFile) {
  EXPECT_THAT(refusal(one_tensor({16}, kF32, 32).bytes()), HasSubstr("needs 64 bytes at 32"));
  EXPECT_THAT(refusal(one_tensor({1}, kF32, ~std::uint64_t{31}).bytes()),
              HasSubstr("needs 4 bytes"));
  EXPECT_EQ(refusal(one_tensor({16}, kF32, 0).bytes()), "accepted");
}

TEST(Gguf, ShapesMustBePossible) {
  EXPECT_THAT(refusal(one_tensor({0}, kF32, 0).bytes()), HasSubstr("has no elements"));
  EXPECT_THAT(refusal(one_tensor({}, kF32, 0).bytes()), HasSubstr("0 dimensions"));
  EXPECT_THAT(refusal(one_tensor({1, 1, 1, 1, 1}, kF32, 0).bytes()), HasSubstr("5 dimensions"));
  constexpr std::uint64_t kBig = std::uint64_t{1} << 32;
  EXPECT_THAT(refusal(one_tensor({kBig, kBig}, kF32, 0).bytes()), HasSubstr("2^64"));
  // The product of these wraps around to 4 elements.
  EXPECT_THAT(refusal(one_tensor({4, std::uint64_t{1} << 62, 4}, kF32, 0).bytes()),
              HasSubstr("2^64"));
  constexpr std::uint32_t kQ80 = 8;
  EXPECT_THAT(refusal(one_tensor({16}, kQ80, 0).bytes()), HasSubstr("no whole blocks of 32"));
}

TEST(Gguf, TypesThatCannotBeReadAreNamed) {
  constexpr std::uint32_t kIq3Xxs = 18;
  EXPECT_THAT(refusal(one_tensor({256}, kIq3Xxs, 0).bytes()),
              AllOf(HasSubstr("IQ3_XXS"), HasSubstr("Q4_K"), HasSubstr("quantise")));
  EXPECT_THAT(refusal(one_tensor({256}, 999, 0).bytes()), HasSubstr("999 (unknown)"));
}

TEST(Gguf, OffsetsKeepTheAlignmentThatTheFileStates) {
  EXPECT_THAT(refusal(one_tensor({4}, kF32, 16).bytes()),
              HasSubstr("no multiple of the alignment 32"));
  const auto with_alignment = [](std::uint32_t alignment) {
    RawGguf file(3, 2, 1);
    file.put_key("general.alignment", kU32).put(alignment);
    file.put_tensor("one", {16}, kF32, 0).put_tensor("two", {4}, kF32, 64).put_area(80, 64);
    return file;
  };
  const RawGguf file = with_alignment(64);
  EXPECT_EQ(parse_gguf(file.bytes(), "aligned.gguf").tensor("two").bytes[0], std::byte{64});
  EXPECT_THAT(refusal(with_alignment(0).bytes()), HasSubstr("general.alignment is 0"));
  EXPECT_THAT(refusal(with_alignment(48).bytes()), HasSubstr("general.alignment is 48"));
  EXPECT_THAT(refusal(with_alignment(1u << 31).bytes()), HasSubstr("a power of two up to"));
}

TEST(Gguf, NamesStandOnce) {
  RawGguf keys(3, 0, 2);
  keys.put_key("a", kU32).put(1u).put_key("a", kU32).put(2u);
  EXPECT_THAT(refusal(keys.bytes()), HasSubstr("key a stands there twice"));
  RawGguf tensors(3, 2, 0);
  tensors.put_tensor("w", {8}, kF32, 0).put_tensor("w", {8}, kF32, 32).put_area(64);
  EXPECT_THAT(refusal(tensors.bytes()), HasSubstr("two tensors are called w"));
}

TEST(Metadata, MessagesNameWhatWasAskedAndFound) {
  const std::vector<std::byte> bytes = small_file();
  const ModelFile model = parse_gguf(bytes, "small.gguf");
  const auto said = [&](auto ask) -> std::string {
    try {
      ask();
      return "accepted";
    } catch (const ModelError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(said([&] { model.metadata().whole_number("llama.heads"); }),
              AllOf(HasSubstr("small.gguf"), HasSubstr("llama.heads"), HasSubstr("no such key")));
  EXPECT_THAT(said([&] { model.metadata().whole_number("llama.eps"); }),
              HasSubstr("found a number"));
  EXPECT_THAT(said([&] { model.metadata().texts("integers"); }),
              HasSubstr("found an array of integers"));
  EXPECT_THAT(said([&] { model.tensor("blk.0.attn_q.weight"); }), HasSubstr("blk.0.attn_q.weight"));
}

TEST(Metadata, NegativeNumbersAreNoCounts) {
  RawGguf file(3, 0, 1);
  file.put_key("n", 5).put(std::int32_t{-1});
  const ModelFile model = parse_gguf(file.bytes(), "n.gguf");
  EXPECT_THROW(model.metadata().whole_number("n"), ModelError);
  EXPECT_EQ(model.metadata().number("n"), -1.0);
}

}  // namespace
}  // namespace evalzip
