#include "codecs/llm/llama2c.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "codecs/little_endian.h"
#include "codecs/llm/gguf.h"
#include "codecs/llm/llama2c_tokenizer.h"
#include "codecs/llm/mapped_file.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/tokenizer.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

constexpr int kVocabulary = 262;

struct Checkpoint {
  std::vector<std::byte> bytes;
  float next = 0;

  void put_fields(std::initializer_list<std::int32_t> fields) {
    for (const std::int32_t field : fields) append_little_endian(bytes, field);
  }
  void put_weights(int count) {
    for (int i = 0; i < count; ++i) append_little_endian(bytes, next++);
  }
};

// Width 8, hidden 12, 2 layers, 4 heads, 2 key-value heads, 262 tokens, context 16.
constexpr int kEmbedding = kVocabulary * 8, kPerLayer = 8 + 64 + 32 + 32 + 64 + 8 + 3 * 96;
constexpr int kRotations = 2 * 16 * 1;

Checkpoint version0(bool shared_classifier) {
  Checkpoint checkpoint;
  checkpoint.put_fields({8, 12, 2, 4, 2, shared_classifier ? kVocabulary : -kVocabulary, 16});
  checkpoint.put_weights(kEmbedding + 2 * kPerLayer + 8 + kRotations);
  if (!shared_classifier) checkpoint.put_weights(kEmbedding);
  return checkpoint;
}

Checkpoint version1() {
  Checkpoint checkpoint;
  checkpoint.put_fields({0x616b3432, 1, 8, 12, 2, 4, 2, kVocabulary, 16});
  checkpoint.bytes.push_back(std::byte{1});
  checkpoint.bytes.resize(256);
  checkpoint.put_weights(2 * kPerLayer + 8 + kEmbedding);
  return checkpoint;
}

std::vector<std::byte> tokenizer_bytes(int tokens = kVocabulary) {
  std::vector<std::byte> bytes;
  append_little_endian(bytes, std::int32_t{6});
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (int token = 0; token < tokens; ++token) {
    const auto byte = static_cast<std::size_t>(token - 3);
    std::string text = "<unk>";
    if (token == 1 || token == 2) text = token == 1 ? "\n<s>\n" : "\n</s>\n";
    if (token >= 3 && token < 259) {
      text = std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">";
    }
    if (token >= 259) text = token == 259 ? " " : token == 260 ? "a" : " a";
    append_little_endian(bytes, -static_cast<float>(token));
    append_little_endian(bytes, static_cast<std::uint32_t>(text.size()));
    for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
  }
  return bytes;
}

std::vector<std::byte> imported(Bytes checkpoint, Bytes tokenizer) {
  std::vector<std::byte> gguf;
  import_llama2c({checkpoint, tokenizer, "model.bin", "tokenizer.bin", "model"},
                 [&](Bytes piece) { gguf.insert(gguf.end(), piece.begin(), piece.end()); });
  return gguf;
}

std::string refusal(const std::vector<std::byte>& checkpoint,
                    const std::vector<std::byte>& tokenizer = tokenizer_bytes()) {
  try {
    imported(checkpoint, tokenizer);
    return "accepted";
  } catch (const ModelError& error) {
    return error.what();
  }
}

// The number of the first weight: weights are numbered in the order of the checkpoint.
float first_weight(const ModelFile& model, const std::string& tensor) {
  return load_little_endian<float>(model.tensor(tensor).bytes);
}

TEST(Llama2c, Version0BecomesALlamaModel) {
  const std::vector<std::byte> gguf = imported(version0(true).bytes, tokenizer_bytes());
  const ModelFile model = parse_gguf(gguf, "model.gguf");
  EXPECT_EQ(model.metadata().text("general.architecture"), "llama");
  EXPECT_EQ(model.metadata().text("general.name"), "model");
  EXPECT_EQ(model.metadata().whole_number("llama.embedding_length"), 8u);
  EXPECT_EQ(model.metadata().whole_number("llama.feed_forward_length"), 12u);
  EXPECT_EQ(model.metadata().whole_number("llama.block_count"), 2u);
  EXPECT_EQ(model.metadata().whole_number("llama.attention.head_count"), 4u);
  EXPECT_EQ(model.metadata().whole_number("llama.attention.head_count_kv"), 2u);
  EXPECT_EQ(model.metadata().whole_number("llama.context_length"), 16u);
  EXPECT_EQ(model.tensors().size(), 2u * 9 + 2);
  EXPECT_THAT(model.tensor("blk.1.attn_k.weight").shape, ElementsAre(4, 8));
  EXPECT_THAT(model.tensor("blk.0.ffn_down.weight").shape, ElementsAre(8, 12));
  EXPECT_THAT(model.tensor("output_norm.weight").shape, ElementsAre(8));
  EXPECT_EQ(first_weight(model, "token_embd.weight"), 0);
  EXPECT_EQ(first_weight(model, "blk.0.attn_norm.weight"), kEmbedding);
  EXPECT_EQ(first_weight(model, "blk.1.attn_q.weight"), kEmbedding + 16 + 64);
  EXPECT_EQ(first_weight(model, "output_norm.weight"), kEmbedding + 2 * kPerLayer);
  EXPECT_EQ(model.find_tensor("output.weight"), nullptr);
}

TEST(Llama2c, ASeparateClassifierIsKept) {
  const std::vector<std::byte> gguf = imported(version0(false).bytes, tokenizer_bytes());
  const ModelFile model = parse_gguf(gguf, "model.gguf");
  EXPECT_EQ(first_weight(model, "output.weight"), kEmbedding + 2 * kPerLayer + 8 + kRotations);
  EXPECT_THAT(model.tensor("output.weight").shape, ElementsAre(kVocabulary, 8));
}

TEST(Llama2c, Version1HasItsNormsFirst) {
  const std::vector<std::byte> gguf = imported(version1().bytes, tokenizer_bytes());
  const ModelFile model = parse_gguf(gguf, "model.gguf");
  EXPECT_EQ(first_weight(model, "blk.1.attn_norm.weight"), 8);
  EXPECT_EQ(first_weight(model, "blk.0.ffn_norm.weight"), 16);
  EXPECT_EQ(first_weight(model, "token_embd.weight"), 40);
  EXPECT_EQ(first_weight(model, "blk.0.attn_q.weight"), 40 + kEmbedding);
}

TEST(Llama2c, TokenizerIsUsable) {
  const std::vector<std::byte> gguf = imported(version0(true).bytes, tokenizer_bytes());
  const auto tokenizer = make_tokenizer(parse_gguf(gguf, "model.gguf").metadata());
  const std::string text = "a a\n";
  EXPECT_THAT(tokenizer->encode(std::as_bytes(std::span(text))), ElementsAre(261, 261, 3 + '\n'));
  EXPECT_EQ(tokenizer->begin_symbol(), 1u);
}

TEST(Llama2c, SizesThatDoNotAgreeAreRefused) {
  const std::vector<std::byte> good = version0(true).bytes;
  for (const std::size_t cut : {std::size_t{1}, std::size_t{4}, good.size() - 20, good.size()}) {
    EXPECT_NE(refusal({good.begin(), good.end() - static_cast<long>(cut)}), "accepted") << cut;
  }
  std::vector<std::byte> longer = good;
  longer.resize(good.size() + 4);
  EXPECT_THAT(refusal(longer), HasSubstr("4 bytes follow its weights"));
  for (std::size_t field = 0; field < 7; ++field) {
    std::vector<std::byte> wrong = good;
    wrong[field * 4 + 3] = std::byte{0x7f};
    EXPECT_NE(refusal(wrong), "accepted") << field;
  }
  std::vector<std::byte> later = version1().bytes;
  later[4] = std::byte{2};
  EXPECT_THAT(refusal(later), HasSubstr("its version is 2"));
}

TEST(Llama2c, TokenizersOfAnotherCheckpointAreRefused) {
  const std::vector<std::byte> checkpoint = version0(true).bytes;
  EXPECT_THAT(refusal(checkpoint, tokenizer_bytes(kVocabulary + 1)), HasSubstr("bytes follow"));
  EXPECT_THAT(refusal(checkpoint, tokenizer_bytes(kVocabulary - 1)), HasSubstr("ends after 261"));
  std::vector<std::byte> bytes = tokenizer_bytes();
  bytes[4 + 8 + 5 + 4] = std::byte{0xff};  // the length of token 1
  EXPECT_THAT(refusal(checkpoint, bytes), HasSubstr("token 2 leaves the file"));
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_NE(refusal(checkpoint, {bytes.begin(), bytes.begin() + static_cast<long>(size)}),
              "accepted");
  }
}

// Of the real tokenizer of 32,000 tokens, if it is at hand.
class RealTokenizer : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("EVALZIP_TEST_DATA");
    const auto path =
        std::filesystem::path(data == nullptr ? "" : data) / "models/llama2c/tokenizer.bin";
    if (!std::filesystem::exists(path)) {
      GTEST_SKIP() << "EVALZIP_TEST_DATA names no folder with models/llama2c";
    }
    const MappedFile file(path);
    GgufWriter writer;
    add_llama2c_tokenizer(file.bytes(), path.string(), 32000, writer);
    writer.write([&](Bytes piece) { gguf_.insert(gguf_.end(), piece.begin(), piece.end()); });
    tokenizer_ = make_tokenizer(parse_gguf(gguf_, "tokenizer.gguf").metadata());
  }

  std::vector<Symbol> encode(const std::string& text) const {
    return tokenizer_->encode(std::as_bytes(std::span(text)));
  }

  std::vector<std::byte> gguf_;
  std::unique_ptr<Tokenizer> tokenizer_;
};

// The four texts and their tokens, without the token of beginning, are those that llama2.c's own
// tests compare with (test.c, MIT), which took them from Meta's tokenizer.
TEST_F(RealTokenizer, AgreesWithLlama2c) {
  EXPECT_THAT(encode("I believe the meaning of life is"),
              ElementsAre(306, 4658, 278, 6593, 310, 2834, 338));
  EXPECT_THAT(encode("Simply put, the theory of relativity states that "),
              ElementsAre(3439, 17632, 1925, 29892, 278, 6368, 310, 14215, 537, 5922, 393, 29871));
  EXPECT_THAT(
      encode("A brief message congratulating the team on the launch:\n\n        Hi everyone,"
             "\n\n        I just "),
      ElementsAreArray({319,   11473, 2643, 378,   629, 271, 18099, 278,  3815,
                        373,   278,   6826, 29901, 13,  13,  4706,  6324, 14332,
                        29892, 13,    13,   4706,  306, 925, 29871}));
  EXPECT_THAT(
      encode(
          "Translate English to French:\n\n        sea otter => loutre de mer\n        peppermint "
          "=> menthe poivrée\n        plush girafe => girafe peluche\n        cheese =>"),
      ElementsAreArray({4103, 9632, 4223, 304,   5176, 29901, 13,   13,   4706, 7205,
                        4932, 357,  1149, 301,   449,  276,   316,  2778, 13,   4706,
                        1236, 407,  837,  524,   1149, 6042,  354,  772,  440,  29878,
                        1318, 13,   4706, 715,   1878, 330,   3055, 1725, 1149, 330,
                        3055, 1725, 4639, 28754, 13,   4706,  923,  968,  1149}));
}

TEST_F(RealTokenizer, EmptyTextHasNoTokens) { EXPECT_TRUE(encode("").empty()); }

}  // namespace
}  // namespace evalzip
