// Text to tokens and back, for the vocabulary of a model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codecs/codec.h"
#include "codecs/entropy_model.h"
#include "codecs/llm/metadata.h"

namespace evalzip {

// A vocabulary and a way to spell any bytes in it. It is immutable and independent of the model
// file it was made from: any number of threads may use it. Total: decode(encode(x)) == x for all
// bytes x, text or not.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // How many tokens there are; every symbol below is less. The model may have more outputs.
  std::uint32_t vocabulary() const { return static_cast<std::uint32_t>(ends_.size()); }

  // The bytes a token stands for. Empty for those that stand for none (beginning of text and other
  // control tokens); encode() never gives them.
  Bytes bytes_of(Symbol token) const;

  void append_bytes(Symbol token, std::vector<std::byte>& bytes) const;

  // The tokens' bytes, one after the other, are prefix() and then `text`. Empty for an empty text.
  // Throws std::bad_alloc; about 20 bytes of memory for each of `text`, at worst.
  virtual std::vector<Symbol> encode(Bytes text) const = 0;

  // Inverse of encode(). Of other tokens: their bytes without the first prefix().size() ones.
  // Precondition: every token < vocabulary().
  std::vector<std::byte> decode(std::span<const Symbol> tokens) const;

  // What encode() puts before a text so that its first word looks like any other: a space or
  // nothing.
  const std::vector<std::byte>& prefix() const { return prefix_; }

  // The token that stands before a text's first one: beginning of text, else end of text. Absent if
  // the vocabulary has neither.
  std::optional<Symbol> begin_symbol() const { return begin_symbol_; }

  // About.
  virtual std::uint64_t memory_bytes() const;

  // What it is, for people: "SentencePiece BPE, 32000 tokens".
  virtual std::string described() const = 0;

 protected:
  Tokenizer() = default;
  Tokenizer(const Tokenizer&) = default;
  Tokenizer& operator=(const Tokenizer&) = default;

  // Appends the next token of the vocabulary.
  void add_token(Bytes bytes);
  void set_prefix(Bytes prefix) { prefix_.assign(prefix.begin(), prefix.end()); }
  // Reads the special tokens' numbers; to be called after the last add_token(). Throws ModelError.
  void read_special_tokens(const Metadata& metadata);

 private:
  std::vector<std::byte> bytes_;   // of all tokens
  std::vector<std::size_t> ends_;  // where each token's end in it
  std::vector<std::byte> prefix_;
  std::optional<Symbol> begin_symbol_;
};

// The tokenizer that a GGUF file's metadata describe: tokenizer.ggml.model "llama" (SentencePiece
// BPE), "gpt2" (byte-level BPE, with the pre-tokenizer that tokenizer.ggml.pre names) or "bytes".
// Throws ModelError for others, for vocabularies that cannot spell every byte, and for metadata
// that do not fit together.
std::unique_ptr<Tokenizer> make_tokenizer(const Metadata& metadata);

}  // namespace evalzip
