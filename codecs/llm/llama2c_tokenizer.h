// Vocabularies of llama2.c, tokenizer.bin, turned into GGUF's metadata.
#pragma once

#include <cstdint>
#include <string>

#include "codecs/codec.h"
#include "codecs/llm/gguf_writer.h"

namespace evalzip {

// Adds the keys of a SentencePiece vocabulary: texts, scores, types, and the special tokens, which
// llama2.c has at 0 (unknown), 1 (beginning) and 2 (end), with the 256 bytes after them. Throws
// ModelError, calling the file `name`, when it does not hold exactly `vocabulary` tokens.
void add_llama2c_tokenizer(Bytes tokenizer, const std::string& name, std::uint64_t vocabulary,
                           GgufWriter& writer);

}  // namespace evalzip
