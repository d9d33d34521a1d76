#include "codecs/llm/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "codecs/llm/byte_tokenizer.h"
#include "codecs/llm/gpt2_tokenizer.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/sentencepiece_tokenizer.h"

namespace evalzip {

std::uint64_t Tokenizer::memory_bytes() const {
  return bytes_.capacity() + ends_.capacity() * sizeof(std::size_t);
}

Bytes Tokenizer::bytes_of(Symbol token) const {
  assert(token < ends_.size());
  const std::size_t begin = token == 0 ? 0 : ends_[token - 1];
  return Bytes(bytes_).subspan(begin, ends_[token] - begin);
}

void Tokenizer::append_bytes(Symbol token, std::vector<std::byte>& bytes) const {
  const Bytes more = bytes_of(token);
  bytes.insert(bytes.end(), more.begin(), more.end());
}

std::vector<std::byte> Tokenizer::decode(std::span<const Symbol> tokens) const {
  std::vector<std::byte> bytes;
  for (const Symbol token : tokens) append_bytes(token, bytes);
  const std::size_t prefix = std::min(prefix_.size(), bytes.size());
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(prefix));
  return bytes;
}

void Tokenizer::add_token(Bytes bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  ends_.push_back(bytes_.size());
}

void Tokenizer::read_special_tokens(const Metadata& metadata) {
  for (const char* key : {"tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id"}) {
    const auto token = metadata.find_whole_number(key);
    if (!token) continue;
    if (*token >= ends_.size()) {
      throw ModelError(
          fmt::format("{}: {} is {}, where the vocabulary has {} tokens; convert the model anew",
                      metadata.file(), key, *token, ends_.size()));
    }
    if (!begin_symbol_) begin_symbol_ = static_cast<Symbol>(*token);
  }
}

std::unique_ptr<Tokenizer> make_tokenizer(const Metadata& metadata) {
  const std::string_view kind = metadata.text("tokenizer.ggml.model");
  if (kind == "llama") return std::make_unique<SentencepieceTokenizer>(metadata);
  if (kind == "gpt2") return std::make_unique<Gpt2Tokenizer>(metadata);
  if (kind == "bytes") return std::make_unique<ByteTokenizer>(metadata);
  throw ModelError(fmt::format(
      "{}: tokenizer.ggml.model is \"{}\", where evalzip knows \"llama\" (SentencePiece "
      "BPE), \"gpt2\" (byte-level BPE) and \"bytes\"; use a model with one of these",
      metadata.file(), kind));
}

}  // namespace evalzip
