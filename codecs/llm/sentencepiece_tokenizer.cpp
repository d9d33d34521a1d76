#include "codecs/llm/sentencepiece_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "codecs/llm/model_error.h"
#include "codecs/llm/piece_cache.h"
#include "codecs/llm/token_type.h"
#include "codecs/llm/utf8_character.h"

namespace evalzip {
namespace {

// A longer piece is cut, to bound the memory that merging needs.
constexpr std::size_t kLongestPiece = std::size_t{1} << 16;
// Longer tokens are never used: indexing one takes time quadratic in its size.
constexpr std::size_t kLongestToken = 256;
constexpr std::string_view kSpaceMark = "\u2581";
constexpr std::byte kSpace{' '};

Bytes bytes_of_text(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string_view text_of_bytes(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string with_spaces(std::string_view text) {
  std::string result;
  for (std::size_t position = 0; position < text.size();) {
    const bool mark = text.substr(position).starts_with(kSpaceMark);
    result += mark ? ' ' : text[position];
    position += mark ? kSpaceMark.size() : 1;
  }
  return result;
}

// The byte that "<0x0A>" names.
std::optional<std::uint8_t> named_byte(std::string_view text) {
  if (text.size() != 6 || !text.starts_with("<0x") || text.back() != '>') return std::nullopt;
  std::uint8_t byte = 0;
  const auto [end, error] = std::from_chars(text.data() + 3, text.data() + 5, byte, 16);
  if (error != std::errc() || end != text.data() + 5) return std::nullopt;
  return byte;
}

// Where the characters of `bytes` begin, and where the last one ends; absent if some byte belongs
// to none.
std::optional<std::vector<std::size_t>> character_bounds(Bytes bytes) {
  std::vector<std::size_t> bounds{0};
  while (bounds.back() < bytes.size()) {
    const Utf8Character character = read_character(bytes, bounds.back());
    if (!character.well_formed()) return std::nullopt;
    bounds.push_back(bounds.back() + character.size);
  }
  return bounds;
}

// Token -> place of its score among all, the best one 0; equal scores have one place.
std::vector<std::uint32_t> ranks_of(const std::vector<double>& scores) {
  std::vector<double> order;
  for (const double score : scores) {
    // A score that is no number is the worst.
    order.push_back(std::isnan(score) ? std::numeric_limits<double>::infinity() : -score);
  }
  const std::vector<double> wanted = order;
  std::ranges::sort(order);
  std::vector<std::uint32_t> ranks;
  for (const double place : wanted) {
    ranks.push_back(
        static_cast<std::uint32_t>(std::ranges::lower_bound(order, place) - order.begin()));
  }
  return ranks;
}

std::vector<double> read_scores(const Metadata& metadata, std::size_t tokens) {
  constexpr const char* kKey = "tokenizer.ggml.scores";
  auto scores = metadata.find_numbers(kKey);
  const std::size_t found = scores ? scores->size() : 0;
  if (found == tokens) return *scores;
  throw ModelError(fmt::format(
      "{}: {} has {} entries, where the vocabulary has {} tokens; convert the model anew",
      metadata.file(), kKey, found, tokens));
}

}  // namespace

SentencepieceTokenizer::SentencepieceTokenizer(const Metadata& metadata) {
  read_tokens(metadata);
  read_special_tokens(metadata);
  if (metadata.find_flag("tokenizer.ggml.add_space_prefix").value_or(true)) {
    set_prefix({&kSpace, 1});
  }
  const TokensByBytes usable = usable_tokens(metadata);
  number_characters(usable);
  index_merges(usable, read_scores(metadata, vocabulary()));
}

void SentencepieceTokenizer::read_tokens(const Metadata& metadata) {
  const std::vector<TokenType> types = read_token_types(metadata);
  const auto texts = metadata.texts("tokenizer.ggml.tokens");
  std::array<bool, 256> spelt{};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto byte = types[i] == TokenType::byte ? named_byte(texts[i]) : std::nullopt;
    if (byte) {
      const std::byte one{*byte};
      add_token({&one, 1});
      if (!spelt[*byte]) byte_symbols_[*byte] = static_cast<Symbol>(i);
      spelt[*byte] = true;
      continue;
    }
    const bool text = types[i] == TokenType::normal || types[i] == TokenType::user_defined;
    add_token(bytes_of_text(text ? with_spaces(texts[i]) : std::string()));
  }
  require_every_byte(spelt, metadata);
}

SentencepieceTokenizer::TokensByBytes SentencepieceTokenizer::usable_tokens(
    const Metadata& metadata) const {
  const std::vector<TokenType> types = read_token_types(metadata);
  TokensByBytes usable;
  for (Symbol token = 0; token < vocabulary(); ++token) {
    const Bytes bytes = bytes_of(token);
    const bool short_enough = !bytes.empty() && bytes.size() <= kLongestToken;
    if (types[token] == TokenType::byte || !short_enough || !character_bounds(bytes)) continue;
    usable.emplace(text_of_bytes(bytes), token);
  }
  return usable;
}

void SentencepieceTokenizer::number_characters(const TokensByBytes& usable) {
  // In the vocabulary's order, so that numbers do not depend on the hash table's.
  for (Symbol token = 0; token < vocabulary(); ++token) {
    const Bytes bytes = bytes_of(token);
    const auto found = usable.find(text_of_bytes(bytes));
    if (found == usable.end() || found->second != token) continue;
    for (std::size_t position = 0; position < bytes.size();) {
      const Utf8Character character = read_character(bytes, position);
      const Bytes one = bytes.subspan(position, character.size);
      position += character.size;
      if (character_symbols_.contains(character.code_point)) continue;
      const auto single = usable.find(text_of_bytes(one));
      if (single != usable.end()) {
        character_symbols_[character.code_point] = single->second;
      } else {
        character_symbols_[character.code_point] =
            vocabulary() + static_cast<Symbol>(extra_characters_.size());
        extra_characters_.emplace_back(one.begin(), one.end());
      }
    }
  }
}

void SentencepieceTokenizer::index_merges(const TokensByBytes& usable,
                                          const std::vector<double>& scores) {
  const std::vector<std::uint32_t> ranks = ranks_of(scores);
  std::vector<Merge> merges, neighbours;
  const auto symbol = [&](Bytes part) -> std::optional<Symbol> {
    const Utf8Character first = read_character(part, 0);
    if (first.size == part.size()) return symbol_of(first.code_point);
    const auto found = usable.find(text_of_bytes(part));
    if (found == usable.end()) return std::nullopt;
    return found->second;
  };
  for (const auto& [text, token] : usable) {
    const Bytes bytes = bytes_of_text(text);
    const std::vector<std::size_t> bounds = *character_bounds(bytes);
    for (std::size_t i = 1; i + 1 < bounds.size(); ++i) {
      neighbours.push_back({read_character(bytes, bounds[i - 1]).code_point,
                            read_character(bytes, bounds[i]).code_point, 0, 0});
      const auto left = symbol(bytes.first(bounds[i])), right = symbol(bytes.subspan(bounds[i]));
      if (left && right) merges.push_back({*left, *right, ranks[token], token});
    }
  }
  merges_ = MergeTable(merges);
  neighbours_ = MergeTable(neighbours);
}

std::optional<Symbol> SentencepieceTokenizer::symbol_of(char32_t character) const {
  const auto found = character_symbols_.find(character);
  if (found == character_symbols_.end()) return std::nullopt;
  return found->second;
}

// From a character with a symbol up to where no token reaches over.
std::size_t SentencepieceTokenizer::piece_size(Bytes text, std::size_t position) const {
  Utf8Character last = read_character(text, position);
  std::size_t end = position + last.size;
  while (end < text.size() && end - position < kLongestPiece) {
    const Utf8Character next = read_character(text, end);
    if (neighbours_.find(last.code_point, next.code_point) == nullptr) break;
    last = next;
    end += next.size;
  }
  return end - position;
}

std::vector<Symbol> SentencepieceTokenizer::encode(Bytes text) const {
  std::vector<Symbol> tokens;
  if (text.empty()) return tokens;
  std::vector<std::byte> prefixed(prefix());
  prefixed.insert(prefixed.end(), text.begin(), text.end());
  PieceCache cache(prefixed, tokens);
  for (std::size_t position = 0; position < prefixed.size();) {
    const Utf8Character first = read_character(prefixed, position);
    const Bytes rest = Bytes(prefixed).subspan(position);
    if (!first.well_formed() || !symbol_of(first.code_point)) {
      append_spelt(rest.first(first.size), tokens);
      position += first.size;
      continue;
    }
    const std::size_t size = piece_size(prefixed, position);
    if (!cache.append_known(position, size)) {
      const std::size_t first_token = tokens.size();
      encode_piece(rest.first(size), tokens);
      cache.remember(position, size, first_token);
    }
    position += size;
  }
  return tokens;
}

void SentencepieceTokenizer::encode_piece(Bytes piece, std::vector<Symbol>& tokens) const {
  std::vector<Symbol> symbols;
  for (std::size_t position = 0; position < piece.size();) {
    const Utf8Character character = read_character(piece, position);
    symbols.push_back(*symbol_of(character.code_point));
    position += character.size;
  }
  merge_symbols(merges_, symbols);
  for (const Symbol symbol : symbols) {
    if (symbol < vocabulary()) {
      tokens.push_back(symbol);
    } else {
      append_spelt(extra_characters_[symbol - vocabulary()], tokens);
    }
  }
}

void SentencepieceTokenizer::append_spelt(Bytes bytes, std::vector<Symbol>& tokens) const {
  for (const std::byte byte : bytes) {
    tokens.push_back(byte_symbols_[std::to_integer<std::size_t>(byte)]);
  }
}

std::uint64_t SentencepieceTokenizer::memory_bytes() const {
  constexpr std::uint64_t kCharacterBytes = 64;  // in the hash table, and what malloc adds
  return Tokenizer::memory_bytes() + merges_.memory_bytes() + neighbours_.memory_bytes() +
         kCharacterBytes * (character_symbols_.size() + extra_characters_.size());
}

std::string SentencepieceTokenizer::described() const {
  return fmt::format("SentencePiece BPE, {} tokens", vocabulary());
}

}  // namespace evalzip
