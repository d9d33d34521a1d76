// What a model is, read from its file: the facts that people choose by.
#pragma once

#include <cstdint>
#include <string>

#include "codecs/llm/model_file.h"

namespace evalzip {

struct ModelSummary {
  std::string architecture;  // general.architecture: "llama"
  std::string types;         // of its tensors, most bytes first: "IQ2_XXS 130, F32 45"
  std::uint64_t parameters = 0;
  std::uint64_t context = 0;  // tokens it was trained to see at once
  std::uint64_t layers = 0;
  std::uint64_t key_width = 0;  // keys of one token and layer, all key-value heads together
  std::string tokenizer;        // Tokenizer::described()
};

// Throws ModelError for files without the metadata of a language model.
ModelSummary summarise(const ModelFile& model);

}  // namespace evalzip
