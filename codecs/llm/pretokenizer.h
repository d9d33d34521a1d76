// Pre-tokenizers: the rules that cut text into the pieces within which byte-level BPE merges.
//
// They are the regular expressions that the models were trained with, matched by hand: each piece
// is the leftmost alternative's longest match. "(?!\S)" makes a run of whitespace before a word
// leave its last character to the word.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "codecs/codec.h"

namespace evalzip {

enum class Pretokenizer {
  // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  gpt2,
  // \p{N} first, each a piece of its own; then gpt2 on what lies between them
  smollm,
  // (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
  // |\s*[\r\n]+|\s+(?!\S)|\s+
  llama3,
  // the same with \p{N} alone
  qwen2,
};

// The rule that GGUF's tokenizer.ggml.pre names; absent for one that evalzip does not know.
std::optional<Pretokenizer> pretokenizer_called(std::string_view name);

// Bytes of the piece that begins at `position` < text.size(), at least 1. Bytes that are no UTF-8
// count as characters that are neither letter, number nor whitespace. Cutting a whole text takes
// time linear in its size.
std::size_t piece_size(Pretokenizer rule, Bytes text, std::size_t position);

}  // namespace evalzip
