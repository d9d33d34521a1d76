#include "codecs/llm/gpt2_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "codecs/llm/gpt2_alphabet.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/piece_cache.h"
#include "codecs/llm/token_type.h"

namespace evalzip {
namespace {

// A longer piece is cut, to bound the memory that merging needs.
constexpr std::size_t kLongestPiece = std::size_t{1} << 16;
constexpr const char* kTokensKey = "tokenizer.ggml.tokens";
constexpr const char* kMergesKey = "tokenizer.ggml.merges";
constexpr const char* kPretokenizerKey = "tokenizer.ggml.pre";

using TokensByText = std::unordered_map<std::string_view, Symbol>;

TokensByText tokens_by_text(std::span<const std::string_view> texts) {
  TokensByText tokens;
  for (std::size_t i = 0; i < texts.size(); ++i) tokens.emplace(texts[i], static_cast<Symbol>(i));
  return tokens;
}

// "Ġ the" joins the tokens "Ġ" and "the". One whose three tokens are not all in the vocabulary
// joins nothing.
std::vector<Merge> read_merges(const Metadata& metadata) {
  const TokensByText tokens = tokens_by_text(metadata.texts(kTokensKey));
  std::vector<Merge> merges;
  std::uint32_t rank = 0;
  for (const std::string_view text : metadata.texts(kMergesKey)) {
    const std::size_t space = text.find(' ', 1);
    if (text.empty() || space == std::string_view::npos) {
      throw ModelError(fmt::format(
          "{}: {} holds \"{}\", where two tokens with a space between must be; convert the model "
          "anew",
          metadata.file(), kMergesKey, text));
    }
    const std::string_view left = text.substr(0, space), right = text.substr(space + 1);
    const auto left_token = tokens.find(left), right_token = tokens.find(right);
    const auto result = tokens.find(std::string(left) + std::string(right));
    if (left_token != tokens.end() && right_token != tokens.end() && result != tokens.end()) {
      merges.push_back({left_token->second, right_token->second, rank, result->second});
    }
    ++rank;
  }
  return merges;
}

Pretokenizer read_pretokenizer(const Metadata& metadata, std::string_view name) {
  if (const auto rule = pretokenizer_called(name)) return *rule;
  throw ModelError(fmt::format(
      "{}: {} is \"{}\", where evalzip knows \"gpt-2\", \"smollm\", \"llama-bpe\", \"qwen2\" and "
      "other names of the same rules; use a model with one of these",
      metadata.file(), kPretokenizerKey, name));
}

// Llama 3's own tokenizer looks a piece up before it merges; the other users of its rule do not.
bool keeps_whole_pieces(std::string_view pretokenizer) {
  constexpr std::string_view kNames[] = {"llama-bpe", "llama3", "llama-v3", "falcon3"};
  return std::ranges::find(kNames, pretokenizer) != std::end(kNames);
}

}  // namespace

Gpt2Tokenizer::Gpt2Tokenizer(const Metadata& metadata)
    : pretokenizer_name_(metadata.find_text(kPretokenizerKey).value_or("gpt-2")),
      pretokenizer_(read_pretokenizer(metadata, pretokenizer_name_)),
      merges_(read_merges(metadata)) {
  read_vocabulary(metadata);
  read_special_tokens(metadata);
}

void Gpt2Tokenizer::read_vocabulary(const Metadata& metadata) {
  const std::vector<TokenType> types = read_token_types(metadata);
  std::array<bool, 256> spelt{};
  if (keeps_whole_pieces(pretokenizer_name_)) whole_pieces_.emplace();
  const auto texts = metadata.texts(kTokensKey);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool plain = types[i] == TokenType::normal;
    const auto bytes = plain ? bytes_of_gpt2_text(texts[i]) : std::nullopt;
    const bool raw = types[i] == TokenType::user_defined;
    add_token(raw ? std::as_bytes(std::span(texts[i])) : bytes ? Bytes(*bytes) : Bytes());
    if (!bytes || bytes->empty()) continue;
    const auto token = static_cast<Symbol>(i);
    const auto first = std::to_integer<std::size_t>(bytes->front());
    if (bytes->size() == 1 && !spelt[first]) {
      spelt[first] = true;
      byte_symbols_[first] = token;
    }
    if (whole_pieces_) {
      whole_pieces_->emplace(
          std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()), token);
    }
  }
  require_every_byte(spelt, metadata);
}

std::vector<Symbol> Gpt2Tokenizer::encode(Bytes text) const {
  std::vector<Symbol> tokens;
  PieceCache cache(text, tokens);
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t size = piece_size(pretokenizer_, text, position);
    for (const std::size_t end = position + size; position < end;) {
      const std::size_t part = std::min(end - position, kLongestPiece);
      if (!cache.append_known(position, part)) {
        const std::size_t first_token = tokens.size();
        encode_piece(text.subspan(position, part), tokens);
        cache.remember(position, part, first_token);
      }
      position += part;
    }
  }
  return tokens;
}

void Gpt2Tokenizer::encode_piece(Bytes piece, std::vector<Symbol>& tokens) const {
  if (whole_pieces_) {
    const auto whole =
        whole_pieces_->find(std::string(reinterpret_cast<const char*>(piece.data()), piece.size()));
    if (whole != whole_pieces_->end()) {
      tokens.push_back(whole->second);
      return;
    }
  }
  std::vector<Symbol> symbols;
  symbols.reserve(piece.size());
  for (const std::byte byte : piece) {
    symbols.push_back(byte_symbols_[std::to_integer<std::size_t>(byte)]);
  }
  merge_symbols(merges_, symbols);
  tokens.insert(tokens.end(), symbols.begin(), symbols.end());
}

std::uint64_t Gpt2Tokenizer::memory_bytes() const {
  constexpr std::uint64_t kPieceBytes = 96;  // in the hash table, and what malloc adds
  return Tokenizer::memory_bytes() + merges_.memory_bytes() +
         (whole_pieces_ ? kPieceBytes * whole_pieces_->size() : 0);
}

std::string Gpt2Tokenizer::described() const {
  return fmt::format("byte-level BPE, {} tokens, pre-tokenizer {}", vocabulary(),
                     pretokenizer_name_);
}

}  // namespace evalzip
