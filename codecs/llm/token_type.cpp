#include "codecs/llm/token_type.h"

#include <fmt/format.h>

#include "codecs/llm/model_error.h"

namespace evalzip {

std::vector<TokenType> read_token_types(const Metadata& metadata) {
  constexpr const char* kKey = "tokenizer.ggml.token_type";
  const std::size_t tokens = metadata.texts("tokenizer.ggml.tokens").size();
  const auto numbers = metadata.find_integers(kKey);
  if (!numbers) return std::vector(tokens, TokenType::normal);
  if (numbers->size() != tokens) {
    throw ModelError(
        fmt::format("{}: {} has {} entries, where the vocabulary has {} tokens; convert "
                    "the model anew",
                    metadata.file(), kKey, numbers->size(), tokens));
  }
  std::vector<TokenType> types;
  for (const std::int64_t number : *numbers) {
    if (number < 1 || number > 6) {
      throw ModelError(fmt::format("{}: {} holds {}, and there are 1 to 6; convert the model anew",
                                   metadata.file(), kKey, number));
    }
    types.push_back(static_cast<TokenType>(number));
  }
  return types;
}

void require_every_byte(const std::array<bool, 256>& spelt, const Metadata& metadata) {
  for (std::size_t byte = 0; byte < spelt.size(); ++byte) {
    if (spelt[byte]) continue;
    throw ModelError(
        fmt::format("{}: no token of the vocabulary spells the byte 0x{:02X}, and a lossless codec "
                    "needs all 256; "
                    "use a model with byte tokens",
                    metadata.file(), byte));
  }
}

}  // namespace evalzip
