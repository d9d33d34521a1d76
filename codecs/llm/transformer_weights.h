// The weights of a transformer as the engine multiplies them: int8 matrices, binary32 vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codecs/llm/model_file.h"
#include "codecs/llm/ngram_tables.h"
#include "codecs/llm/packed_matrix.h"
#include "codecs/llm/transformer_shape.h"

namespace evalzip {

// One row of binary32 numbers, padded with zeros to whole lanes.
using PaddedRow = std::vector<float>;

struct NormWeights {
  PaddedRow gain;
  PaddedRow bias;  // empty if there is none
};

struct Linear {
  PackedMatrix matrix;
  PaddedRow bias;  // empty if there is none
};

struct LayerWeights {
  NormWeights attention_norm;
  Linear query_key_value;                         // their columns one after the other
  std::optional<PaddedRow> query_norm, key_norm;  // of each head (Qwen3)
  Linear attention_output;
  NormWeights feed_forward_norm;
  Linear feed_forward_in;  // SwiGLU: panels of gates and values take turns
  Linear feed_forward_out;
};

class TransformerWeights {
 public:
  // Quantises the file's matrices; the embeddings of tokens are read from the file when asked for,
  // so it is kept. Throws ModelError: a tensor is missing, has another shape, or is not finite.
  explicit TransformerWeights(ModelFile file);

  const TransformerShape& shape() const { return shape_; }
  const ModelFile& file() const { return file_; }
  const std::vector<LayerWeights>& layers() const { return layers_; }
  const NormWeights& output_norm() const { return output_norm_; }
  const Linear& head() const { return head_; }
  std::span<const float> rope_divisors() const { return rope_divisors_; }

  // What the first layer sees of a token: token < vocabulary, position < context. `recent`: where
  // tokens are bytes, the last eight, this one lowest.
  struct Input {
    std::uint32_t token;
    std::size_t position;
    std::uint64_t recent;
  };
  // `row` is padded.
  void embed(const Input& input, std::span<float> row) const;

  std::uint64_t parameters() const { return parameters_; }  // numbers in the file's tensors

  // Memory of the packed matrices.
  static std::uint64_t bytes(const TransformerShape& shape);
  // Of the file that is read while the model runs: embeddings.
  static std::uint64_t mapped_bytes(const ModelFile& file);

 private:
  ModelFile file_;
  TransformerShape shape_;
  std::vector<LayerWeights> layers_;
  NormWeights output_norm_;
  Linear head_;
  std::vector<float> rope_divisors_;
  const TensorView* embeddings_ = nullptr;
  std::optional<NgramTables> ngrams_;                // byte-level models only
  const TensorView* position_embeddings_ = nullptr;  // null if positions are rotated
  std::uint64_t parameters_ = 0;
};

}  // namespace evalzip
