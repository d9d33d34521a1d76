// Byte-level byte-pair encoding (A. Radford et al., 2019): GPT-2, Llama 3, Qwen, SmolLM.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_map>

#include "codecs/llm/merge_table.h"
#include "codecs/llm/pretokenizer.h"
#include "codecs/llm/tokenizer.h"

namespace evalzip {

// Text is cut by the pre-tokenizer; within each piece the single bytes are tokens that are joined
// by the merges in the order of their list.
class Gpt2Tokenizer : public Tokenizer {
 public:
  // Throws ModelError.
  explicit Gpt2Tokenizer(const Metadata& metadata);

  std::vector<Symbol> encode(Bytes text) const override;
  std::uint64_t memory_bytes() const override;
  std::string described() const override;

 private:
  void read_vocabulary(const Metadata& metadata);
  void encode_piece(Bytes piece, std::vector<Symbol>& tokens) const;

  std::string pretokenizer_name_;
  Pretokenizer pretokenizer_;
  std::array<Symbol, 256> byte_symbols_{};
  MergeTable merges_;
  // Where a piece that is a token stays whole, whatever the merges say: tokens by their bytes.
  std::optional<std::unordered_map<std::string, Symbol>> whole_pieces_;
};

}  // namespace evalzip
