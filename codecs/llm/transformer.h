// The forward pass of a transformer over batches of tokens, the same to the bit however the tokens
// are batched: rows of one segment over time, one row of each of many segments, or any mixture.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/attention.h"
#include "codecs/llm/batch_product.h"
#include "codecs/llm/head_product.h"
#include "codecs/llm/key_value_cache.h"
#include "codecs/llm/rope_table.h"
#include "codecs/llm/transformer_weights.h"

namespace evalzip {

// One token to take in. Rows of one segment follow each other, at successive positions, and all
// positions before the first were taken in earlier.
struct TokenRow {
  KeyValueCache* cache;
  std::uint32_t token;
  std::size_t position;
  bool predicts;             // whether the prediction of the next token is wanted
  std::uint64_t recent = 0;  // see TransformerWeights::Input
};

class Transformer {
 public:
  // All outlive the transformer. Positions stay below `positions`, at most shape().context.
  Transformer(const TransformerWeights& weights, std::size_t positions, ThreadTeam& team,
              const EngineKernels& kernels);

  // Memory for taking in `rows` at once, of which `predicting` predict.
  static std::uint64_t scratch_bytes(const TransformerShape& shape, std::size_t positions,
                                     std::size_t rows, std::size_t predicting);

  using UsePrediction = std::function<void(std::size_t row, const Logits& logits, unsigned thread)>;

  // Takes in the rows and calls use() for each that predicts, from any thread, in any order.
  void run(std::span<const TokenRow> rows, const UsePrediction& use);

 private:
  void begin(std::span<const TokenRow> rows);
  void attend(std::size_t layer, std::span<const TokenRow> rows);
  void feed_forward(const LayerWeights& layer, std::size_t rows);
  void predict(std::span<const TokenRow> rows, const UsePrediction& use);

  void normalise(const NormWeights& norm, std::size_t rows);
  void normalise_row(const NormWeights& norm, const float* x, float* out) const;
  void place_head(float* head, const std::optional<PaddedRow>& norm, std::size_t position) const;
  void keep_keys_and_values(std::size_t layer, const TokenRow& row, float* projected,
                            unsigned thread);
  // out = quantised rows times the matrix, plus bias.
  void multiply(const Linear& linear, AlignedVector<float>& out);
  // x_ += quantised rows times the matrix, plus bias.
  void multiply_and_add(const Linear& linear);
  void quantise(const AlignedVector<float>& x, std::size_t rows, std::size_t depth);

  const TransformerWeights& weights_;
  const TransformerShape& shape_;
  ThreadTeam& team_;
  const EngineKernels& kernels_;
  RopeTable rope_;
  BatchProduct product_;
  Attention attention_;
  HeadProduct head_;

  std::size_t width_;  // padded to whole lanes, as all row lengths here
  std::vector<RowRun> runs_;
  std::vector<RowRun> quads_;  // the same, cut where a quad of positions ends
  std::vector<std::size_t> predicting_;
  AlignedVector<float> x_;                 // [row][width]: the residual stream
  AlignedVector<float> projected_;         // [row][queries, keys, values]
  AlignedVector<float> attended_;          // [row][heads * head_size]
  AlignedVector<float> hidden_;            // [row][hidden]
  std::vector<AlignedVector<float>> row_;  // scratch of each thread
  QuantisedRows quantised_;
};

}  // namespace evalzip
