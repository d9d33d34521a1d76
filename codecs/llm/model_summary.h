// What a model is, read from its file: the facts that people choose by.
#pragma once

#include <cstdint>
#include <optional>
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

  // Keys, or values, of one segment with a full context in binary32: layers x context x key_width
  // x 4 bytes.
  std::uint64_t state_bytes() const { return layers * context * key_width * sizeof(float); }

  // What coding with `segments` segments at once needs: every parameter in one byte, and for each
  // segment its keys and its values: parameters + 2 x segments x state_bytes(). Absent when that
  // exceeds 64 bits.
  std::optional<std::uint64_t> memory_bytes(std::uint64_t segments) const;
};

// Throws ModelError for files without the metadata of a language model.
ModelSummary summarise(const ModelFile& model);

}  // namespace evalzip
