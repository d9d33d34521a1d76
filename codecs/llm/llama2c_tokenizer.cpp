#include "codecs/llm/llama2c_tokenizer.h"

#include <fmt/format.h>

#include <vector>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/token_type.h"

namespace evalzip {
namespace {

constexpr std::size_t kUnknown = 0, kBegin = 1, kEnd = 2, kFirstByte = 3, kBytes = 256;
constexpr std::string_view kSpaceMark = "\u2581";  // SentencePiece's stand-in for a space

struct Vocabulary {
  std::vector<std::string> texts;
  std::vector<float> scores;
  std::vector<std::int32_t> types;
};

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw ModelError(fmt::format(
      "{}: {}; name the tokenizer.bin that the checkpoint was trained with", name, what));
}

TokenType type_of(std::size_t token) {
  if (token == kUnknown) return TokenType::unknown;
  if (token == kBegin || token == kEnd) return TokenType::control;
  if (token < kFirstByte + kBytes) return TokenType::byte;
  return TokenType::normal;
}

// llama2.c stores texts as they are printed: spaces for marks, line ends around <s> and </s>.
std::string text_of(std::string_view printed, std::size_t token) {
  if (token == kUnknown) return "<unk>";
  if (token == kBegin) return "<s>";
  if (token == kEnd) return "</s>";
  std::string text;
  for (const char letter : printed) {
    if (letter == ' ') {
      text += kSpaceMark;
    } else {
      text += letter;
    }
  }
  return text;
}

void add_token(Vocabulary& vocabulary, float score, std::string_view printed) {
  const std::size_t token = vocabulary.texts.size();
  vocabulary.texts.push_back(text_of(printed, token));
  vocabulary.scores.push_back(score);
  vocabulary.types.push_back(static_cast<std::int32_t>(type_of(token)));
}

void check_byte_tokens(const Vocabulary& vocabulary, const std::string& name) {
  for (std::size_t byte = 0; byte < kBytes; ++byte) {
    const std::string wanted = fmt::format("<0x{:02X}>", byte);
    const std::string& found = vocabulary.texts[kFirstByte + byte];
    if (found != wanted) {
      refuse(name, fmt::format("its token {} is \"{}\" where {} must be", kFirstByte + byte, found,
                               wanted));
    }
  }
}

// A file of the longest text's length, then of each token: score, length, text.
Vocabulary read_vocabulary(Bytes bytes, const std::string& name, std::uint64_t tokens) {
  Vocabulary vocabulary;
  std::size_t position = sizeof(std::int32_t);
  for (std::uint64_t token = 0; token < tokens; ++token) {
    if (position > bytes.size() || bytes.size() - position < 8) {
      refuse(name,
             fmt::format("it ends after {} tokens, and the checkpoint has {}", token, tokens));
    }
    const auto score = load_little_endian<float>(bytes, position);
    const auto size = load_little_endian<std::uint32_t>(bytes, position + 4);
    position += 8;
    if (size > bytes.size() - position)
      refuse(name, fmt::format("token {} leaves the file", token));
    add_token(vocabulary, score, {reinterpret_cast<const char*>(bytes.data()) + position, size});
    position += size;
  }
  if (position != bytes.size()) {
    refuse(name, fmt::format("{} bytes follow the {} tokens that the checkpoint has",
                             bytes.size() - position, tokens));
  }
  return vocabulary;
}

}  // namespace

void add_llama2c_tokenizer(Bytes tokenizer, const std::string& name, std::uint64_t vocabulary,
                           GgufWriter& writer) {
  if (vocabulary < kFirstByte + kBytes) {
    refuse(name, fmt::format("the checkpoint's {} tokens leave no room for the bytes", vocabulary));
  }
  const Vocabulary read = read_vocabulary(tokenizer, name, vocabulary);
  check_byte_tokens(read, name);
  writer.add("tokenizer.ggml.model", "llama");
  writer.add("tokenizer.ggml.tokens", std::span<const std::string>(read.texts));
  writer.add("tokenizer.ggml.scores", std::span<const float>(read.scores));
  writer.add("tokenizer.ggml.token_type", std::span<const std::int32_t>(read.types));
  writer.add("tokenizer.ggml.unknown_token_id", std::uint32_t{kUnknown});
  writer.add("tokenizer.ggml.bos_token_id", std::uint32_t{kBegin});
  writer.add("tokenizer.ggml.eos_token_id", std::uint32_t{kEnd});
  writer.add("tokenizer.ggml.add_bos_token", true);
  writer.add("tokenizer.ggml.add_eos_token", false);
  writer.add("tokenizer.ggml.add_space_prefix", true);
}

}  // namespace evalzip
