#include "codecs/llm/byte_tokenizer.h"

#include <algorithm>

namespace evalzip {

ByteTokenizer::ByteTokenizer(const Metadata& metadata) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto value = static_cast<std::byte>(byte);
    add_token(Bytes(&value, 1));
  }
  read_special_tokens(metadata);
}

std::vector<Symbol> ByteTokenizer::encode(Bytes text) const {
  std::vector<Symbol> symbols(text.size());
  std::ranges::transform(text, symbols.begin(), std::to_integer<Symbol>);
  return symbols;
}

}  // namespace evalzip
