// Byte-pair encoding as SentencePiece does it (T. Kudo, J. Richardson, 2018): Llama, TinyLlama.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "codecs/llm/merge_table.h"
#include "codecs/llm/tokenizer.h"

namespace evalzip {

// Characters are joined as long as two neighbours together are a token, those of the best score
// first; a character without a token is spelt in byte tokens.
//
// SentencePiece writes spaces as U+2581. Here tokens are compared as bytes, with spaces, so that a
// U+2581 of the text is itself and not lost: it has no token and is spelt in bytes.
class SentencepieceTokenizer : public Tokenizer {
 public:
  // Throws ModelError.
  explicit SentencepieceTokenizer(const Metadata& metadata);

  std::vector<Symbol> encode(Bytes text) const override;
  std::uint64_t memory_bytes() const override;
  std::string described() const override;

 private:
  // Tokens that text may become, by their bytes.
  using TokensByBytes = std::unordered_map<std::string_view, Symbol>;

  void read_tokens(const Metadata& metadata);
  TokensByBytes usable_tokens(const Metadata& metadata) const;
  void number_characters(const TokensByBytes& usable);
  void index_merges(const TokensByBytes& usable, const std::vector<double>& scores);
  std::optional<Symbol> symbol_of(char32_t character) const;
  std::size_t piece_size(Bytes text, std::size_t position) const;
  void encode_piece(Bytes piece, std::vector<Symbol>& tokens) const;
  void append_spelt(Bytes bytes, std::vector<Symbol>& tokens) const;

  std::array<Symbol, 256> byte_symbols_{};
  // Of the characters that occur in usable tokens. Those that are no tokens themselves are numbered
  // after the vocabulary, in the order of extra_characters_.
  std::unordered_map<char32_t, Symbol> character_symbols_;
  std::vector<std::vector<std::byte>> extra_characters_;
  MergeTable merges_{{}};
  // Pairs of characters that are neighbours in some token. No token reaches over any other pair, so
  // text is cut there first, and the pieces are tokenised on their own: the result is the same.
  MergeTable neighbours_{{}};
};

}  // namespace evalzip
