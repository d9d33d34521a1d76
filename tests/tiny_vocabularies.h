// Vocabularies small enough to be read, for both kinds of tokenizers.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "codecs/llm/gguf.h"
#include "codecs/llm/gguf_writer.h"
#include "tests/written_bytes.h"

namespace evalzip {

// What GGUF says of a tokenizer. A test may change it before it asks for the bytes.
struct TinyVocabulary {
  std::string model;
  std::string pre;
  std::vector<std::string> tokens, merges;
  std::vector<float> scores;
  std::vector<std::int32_t> types;
  std::uint32_t begin = 1;
  bool add_space = true;

  void add(const std::string& token, float score, std::int32_t type = 1) {
    tokens.push_back(token);
    scores.push_back(score);
    types.push_back(type);
  }

  std::vector<std::byte> gguf() const {
    GgufWriter writer;
    add_to(writer);
    return written_bytes(writer);
  }

  // What is added is read when the writer writes.
  void add_to(GgufWriter& writer) const {
    writer.add("tokenizer.ggml.model", model);
    if (!pre.empty()) writer.add("tokenizer.ggml.pre", pre);
    writer.add("tokenizer.ggml.tokens", std::span<const std::string>(tokens));
    writer.add("tokenizer.ggml.scores", std::span<const float>(scores));
    writer.add("tokenizer.ggml.token_type", std::span<const std::int32_t>(types));
    writer.add("tokenizer.ggml.merges", std::span<const std::string>(merges));
    writer.add("tokenizer.ggml.bos_token_id", begin);
    writer.add("tokenizer.ggml.add_space_prefix", add_space);
  }
};

// Unknown, two controls, 256 bytes, then `texts`, the earlier the better. "_" is SentencePiece's
// mark of a space.
inline TinyVocabulary tiny_sentencepiece(const std::vector<std::string>& texts) {
  TinyVocabulary vocabulary{.model = "llama"};
  vocabulary.add("<unk>", 0, 2);
  vocabulary.add("<s>", 0, 3);
  vocabulary.add("</s>", 0, 3);
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (std::size_t byte = 0; byte < 256; ++byte) {
    vocabulary.add(std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">", 0, 6);
  }
  float score = 0;
  for (std::string text : texts) {
    for (std::size_t mark; (mark = text.find('_')) != std::string::npos;) {
      text.replace(mark, 1, "\u2581");
    }
    vocabulary.add(text, score--);
  }
  return vocabulary;
}

// The text that stands for one byte: that of itself or of the next character from U+0100 on.
inline std::string gpt2_letter(std::size_t byte) {
  std::size_t next = 0x100;
  for (std::size_t i = 0; i <= byte; ++i) {
    const bool itself = (i >= 0x21 && i <= 0x7e) || (i >= 0xa1 && i <= 0xac) || i >= 0xae;
    const std::size_t character = itself ? i : next++;
    if (i < byte) continue;
    if (character < 0x80) return {static_cast<char>(character)};
    return {static_cast<char>(0xc0 | character >> 6), static_cast<char>(0x80 | (character & 63))};
  }
  return {};
}

// Each byte is a token, and nothing else is.
inline TinyVocabulary tiny_bytes() {
  TinyVocabulary vocabulary{.model = "bytes", .begin = 0};
  for (int byte = 0; byte < 256; ++byte) {
    vocabulary.add(std::string(1, static_cast<char>(byte)), 0);
  }
  return vocabulary;
}

// 256 bytes, <|endoftext|> (256), then the results of `merges`, each "left right" in the letters
// above: a space is U+0120.
inline TinyVocabulary tiny_gpt2(const std::vector<std::string>& merges, std::string pre = "gpt-2") {
  TinyVocabulary vocabulary{.model = "gpt2", .pre = std::move(pre), .begin = 256};
  for (std::size_t byte = 0; byte < 256; ++byte) vocabulary.add(gpt2_letter(byte), 0);
  vocabulary.add("<|endoftext|>", 0, 3);
  vocabulary.merges = merges;
  for (const std::string& merge : merges) {
    const std::size_t space = merge.find(' ');
    vocabulary.add(merge.substr(0, space) + merge.substr(space + 1), 0);
  }
  return vocabulary;
}

}  // namespace evalzip
