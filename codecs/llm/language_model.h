// A model ready to code with: its weights, its tokenizer, and what a stream calls it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "codecs/llm/llm_header.h"
#include "codecs/llm/tokenizer.h"
#include "codecs/llm/transformer_weights.h"

namespace evalzip {

// Immutable: any number of streams may share it.
struct LanguageModel {
  TransformerWeights weights;
  std::unique_ptr<const Tokenizer> tokenizer;
  std::string sha256;  // of the file, in lower-case hexadecimal digits
  ModelId id;
  std::uint64_t file_bytes = 0;
  std::uint64_t parameters = 0;

  bool tokens_are_bytes() const { return weights.shape().tokens_are_bytes(); }
};

// Reads the whole file. Throws ModelError.
std::shared_ptr<const LanguageModel> load_language_model(const std::filesystem::path& path);

// In lower-case hexadecimal digits. Throws ModelError.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace evalzip
