// What the tokens of a vocabulary are for, as SentencePiece and GGUF number it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "codecs/llm/metadata.h"

namespace evalzip {

enum class TokenType : std::int32_t {
  normal = 1,
  unknown = 2,
  control = 3,
  user_defined = 4,
  unused = 5,
  byte = 6,
};

// tokenizer.ggml.token_type, one for every text of tokenizer.ggml.tokens; all normal where the file
// has none. Throws ModelError for other counts and numbers.
std::vector<TokenType> read_token_types(const Metadata& metadata);

// Throws ModelError, naming the first byte that no token spells.
void require_every_byte(const std::array<bool, 256>& spelt, const Metadata& metadata);

}  // namespace evalzip
