// What a token of a vocabulary is for, as SentencePiece and GGUF number it.
#pragma once

#include <cstdint>

namespace evalzip {

enum class TokenType : std::int32_t {
  normal = 1,
  unknown = 2,
  control = 3,
  user_defined = 4,
  unused = 5,
  byte = 6,
};

}  // namespace evalzip
