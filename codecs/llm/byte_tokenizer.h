// The vocabulary of a byte-level model: each byte is the token of its own number.
#pragma once

#include <string>

#include "codecs/llm/tokenizer.h"

namespace evalzip {

// Byte 0 is the begin symbol too: models are trained so, and need no 257th symbol.
class ByteTokenizer : public Tokenizer {
 public:
  // Throws ModelError.
  explicit ByteTokenizer(const Metadata& metadata);

  std::vector<Symbol> encode(Bytes text) const override;
  std::string described() const override { return "bytes"; }
};

}  // namespace evalzip
