// Checkpoints and tokenizers of llama2.c (A. Karpathy, 2023), turned into GGUF.
#pragma once

#include <string>

#include "codecs/codec.h"
#include "codecs/llm/gguf_writer.h"

namespace evalzip {

struct Llama2cFiles {
  Bytes checkpoint, tokenizer;                  // whole files
  std::string checkpoint_name, tokenizer_name;  // for messages
  std::string model_name;                       // general.name
};

// Writes the model as F32 with the metadata of the Llama architecture and a SentencePiece
// vocabulary. Reads checkpoints of version 0 (with a shared or separate classifier) and 1. The
// constants that llama2.c does not store are its own: RoPE base 10000, RMS epsilon 1e-5. Throws
// ModelError before anything is written when a size of either file does not agree with its header.
void import_llama2c(const Llama2cFiles& files, const ByteSink& sink);

}  // namespace evalzip
