#include "codecs/llm/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"
#include "tests/temporary_folder.h"
#include "tests/written_bytes.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::byte> with_header(const std::string& header, std::size_t tensor_bytes) {
  std::vector<std::byte> bytes;
  append_little_endian(bytes, std::uint64_t{header.size()});
  for (const char letter : header) bytes.push_back(static_cast<std::byte>(letter));
  for (std::size_t i = 0; i < tensor_bytes; ++i) bytes.push_back(static_cast<std::byte>(i));
  return bytes;
}

std::string refusal(const std::vector<std::byte>& bytes) {
  try {
    const ModelFile model = parse_safetensors(bytes, "bad.safetensors");
    return "accepted";
  } catch (const ModelError& error) {
    return error.what();
  }
}

std::string refusal_of_header(const std::string& header, std::size_t tensor_bytes = 16) {
  return refusal(with_header(header, tensor_bytes));
}

const std::string kSmall = R"({"__metadata__":{"format":"pt","é":"\u00e9"},)"
                           R"("b":{"dtype":"F16","shape":[2,2],"data_offsets":[8,16]},)"
                           R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";

TEST(Safetensors, GivesTheSameViewAsGguf) {
  const std::vector<std::byte> bytes = with_header(kSmall, 16);
  const ModelFile model = parse_safetensors(bytes, "small.safetensors");
  EXPECT_EQ(model.metadata().text("format"), "pt");
  EXPECT_EQ(model.metadata().text("é"), "é");
  ASSERT_EQ(model.tensors().size(), 2u);
  EXPECT_EQ(model.tensors()[0].name, "a");  // in the order of the bytes
  const TensorView& b = model.tensor("b");
  EXPECT_THAT(b.shape, ElementsAre(2, 2));
  EXPECT_EQ(b.type, TensorType::f16);
  EXPECT_EQ(b.row(1)[0], std::byte{12});
}

TEST(Safetensors, IsRecognisedByItsFirstBytes) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  write_bytes(path, with_header(kSmall, 16));
  EXPECT_EQ(open_model_file(path).tensor("a").bytes.size(), 8u);
}

TEST(Safetensors, ScalarsHaveOneElement) {
  const auto bytes = with_header(R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4);
  EXPECT_EQ(parse_safetensors(bytes, "s").tensor("s").elements(), 1u);
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const std::vector<std::byte> bytes = with_header(kSmall, 16);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> part(bytes.begin(), bytes.begin() + static_cast<long>(size));
    EXPECT_NE(refusal(part), "accepted") << size << " of " << bytes.size() << " bytes";
  }
}

TEST(Safetensors, EveryFlippedBitGivesAModelOrARefusal) {
  const std::vector<std::byte> bytes = with_header(kSmall, 16);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::vector<std::byte> damaged = bytes;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(refusal(damaged).empty());
  }
}

TEST(Safetensors, HeadersMustBePossible) {
  std::vector<std::byte> huge = with_header(kSmall, 16);
  huge[7] = std::byte{0xff};
  EXPECT_THAT(refusal(huge), HasSubstr("its header is"));
  EXPECT_THAT(refusal_of_header("{"), HasSubstr("no valid JSON"));
  EXPECT_THAT(refusal_of_header("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(refusal_of_header(R"({"a":1})"), HasSubstr("no JSON object"));
  EXPECT_THAT(refusal_of_header(R"({"a":{}})"), HasSubstr("no data_offsets"));
  EXPECT_THAT(refusal_of_header(R"({"__metadata__":{"a":1}})"), HasSubstr("no text"));
  EXPECT_THAT(refusal_of_header(std::string(200000, '[')), HasSubstr("no valid JSON"));
  EXPECT_THAT(refusal_of_header("{\"\xff\":1}"), HasSubstr("no valid JSON"));
}

TEST(Safetensors, OffsetsAreCheckedAgainstShapeAndFile) {
  const auto tensor = [](const std::string& fields) {
    return R"({"a":{"dtype":"F32",)" + fields + "}}";
  };
  EXPECT_THAT(refusal_of_header(tensor(R"("shape":[5],"data_offsets":[0,20])")),
              HasSubstr("lies from 0 to 20"));
  EXPECT_THAT(refusal_of_header(tensor(R"("shape":[4],"data_offsets":[0,12])")),
              HasSubstr("its tensors have 12 bytes"));
  EXPECT_THAT(refusal_of_header(tensor(R"("shape":[4],"data_offsets":[16,0])")),
              HasSubstr("lies from 16 to 0"));
  EXPECT_THAT(refusal_of_header(tensor(R"("shape":[-4],"data_offsets":[0,16])")),
              HasSubstr("no whole number"));
  EXPECT_THAT(refusal_of_header(tensor(R"("shape":[4],"data_offsets":[0])")),
              HasSubstr("no two data_offsets"));
  EXPECT_THAT(refusal_of_header(tensor(R"("shape":[4611686018427387904,4],"data_offsets":[0,16])")),
              HasSubstr("2^64"));
  EXPECT_THAT(refusal_of_header(tensor(R"("shape":[3],"data_offsets":[0,12])")),
              HasSubstr("12 bytes, and 16 follow"));
}

TEST(Safetensors, OverlapsDuplicatesAndForeignTypesAreRefused) {
  EXPECT_THAT(refusal_of_header(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},)"
                                R"("b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}})"),
              HasSubstr("shares bytes with a"));
  EXPECT_THAT(refusal_of_header(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},)"
                                R"("a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})"),
              HasSubstr("a is there twice"));
  EXPECT_THAT(refusal_of_header(R"({"a":{"dtype":"F8_E4M3","shape":[16],"data_offsets":[0,16]}})"),
              HasSubstr("F8_E4M3"));
}

}  // namespace
}  // namespace evalzip
