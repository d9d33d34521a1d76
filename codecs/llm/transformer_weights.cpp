#include "codecs/llm/transformer_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "codecs/llm/lanes.h"
#include "codecs/llm/weight_reader.h"

namespace evalzip {
namespace {

// Where row `r` of a tensor goes among the columns of a packed matrix.
using ColumnOfRow = std::size_t (*)(const TransformerShape& shape, std::size_t r);

std::size_t in_order(const TransformerShape&, std::size_t r) { return r; }

// Neighbours that are rotated as a pair move to the two halves of the rotated part, so that every
// family is rotated alike. Keys move as queries do, and their products stay the same.
std::size_t pairs_to_halves(const TransformerShape& shape, std::size_t r) {
  const std::size_t in_head = r % shape.head_size;
  if (in_head >= shape.rotated) return r;
  return r - in_head + in_head / 2 + in_head % 2 * (shape.rotated / 2);
}

// Gates and values take turns by panels.
std::size_t gate_column(const TransformerShape&, std::size_t r) {
  return r / kPanelColumns * 2 * kPanelColumns + r % kPanelColumns;
}

std::size_t value_column(const TransformerShape& shape, std::size_t r) {
  return gate_column(shape, r) + kPanelColumns;
}

// Fills one matrix from several tensors.
class LinearBuilder {
 public:
  LinearBuilder(const WeightReader& reader, const TransformerShape& shape, std::size_t columns,
                std::size_t depth)
      : reader_(reader), shape_(shape), columns_(columns), row_(depth) {}

  // Rows of NAME.weight and, if it is there, NAME.bias go to columns from `first` on.
  void add(const std::string& name, std::size_t rows, std::size_t first, ColumnOfRow column_of) {
    const TensorView& tensor = reader_.matrix(name + ".weight", rows, row_.size());
    // Memory is taken when the file has shown that it is as large as it says.
    if (linear_.matrix.columns() == 0) linear_.matrix = PackedMatrix(columns_, row_.size());
    for (std::size_t r = 0; r < rows; ++r) {
      reader_.read_row(tensor, r, row_);
      linear_.matrix.set_column(first + column_of(shape_, r), row_);
    }
    reader_.let_go();
    if (!reader_.has(name + ".bias")) return;
    const PaddedRow bias = reader_.vector(name + ".bias", rows);
    linear_.bias.resize(linear_.matrix.padded_columns());
    for (std::size_t r = 0; r < rows; ++r) linear_.bias[first + column_of(shape_, r)] = bias[r];
  }

  Linear take() { return std::move(linear_); }

 private:
  const WeightReader& reader_;
  const TransformerShape& shape_;
  std::size_t columns_;
  std::vector<float> row_;
  Linear linear_;
};

Linear read_linear(const WeightReader& reader, const TransformerShape& shape,
                   const std::string& name, std::size_t columns, std::size_t depth) {
  LinearBuilder builder(reader, shape, columns, depth);
  builder.add(name, columns, 0, in_order);
  return builder.take();
}

NormWeights read_norm(const WeightReader& reader, const TransformerShape& shape,
                      const std::string& name) {
  NormWeights norm{.gain = reader.vector(name + ".weight", shape.width), .bias = {}};
  if (shape.norm == TransformerShape::Norm::layer) {
    norm.bias = reader.vector(name + ".bias", shape.width);
  }
  return norm;
}

Linear read_query_key_value(const WeightReader& reader, const TransformerShape& shape,
                            const std::string& layer) {
  const std::size_t queries = shape.query_width(), keys = shape.key_width();
  LinearBuilder builder(reader, shape, queries + 2 * keys, shape.width);
  if (reader.has(layer + "attn_qkv.weight")) {
    builder.add(layer + "attn_qkv", queries + 2 * keys, 0, in_order);
    return builder.take();
  }
  const bool pairs = shape.positions == TransformerShape::Positions::rotary_pairs;
  const ColumnOfRow column_of = pairs ? pairs_to_halves : in_order;
  builder.add(layer + "attn_q", queries, 0, column_of);
  builder.add(layer + "attn_k", keys, queries, column_of);
  builder.add(layer + "attn_v", keys, queries + keys, in_order);
  return builder.take();
}

Linear read_feed_forward_in(const WeightReader& reader, const TransformerShape& shape,
                            const std::string& layer) {
  if (shape.feed_forward == TransformerShape::FeedForward::gelu) {
    return read_linear(reader, shape, layer + "ffn_up", shape.hidden, shape.width);
  }
  const std::size_t columns = 2 * lanes::round_up(shape.hidden);
  LinearBuilder builder(reader, shape, columns, shape.width);
  builder.add(layer + "ffn_gate", shape.hidden, 0, gate_column);
  builder.add(layer + "ffn_up", shape.hidden, 0, value_column);
  return builder.take();
}

std::optional<PaddedRow> read_head_norm(const WeightReader& reader, const TransformerShape& shape,
                                        const std::string& name) {
  if (!reader.has(name)) return std::nullopt;
  return reader.vector(name, shape.head_size);
}

LayerWeights read_layer(const WeightReader& reader, const TransformerShape& shape,
                        std::size_t index) {
  const std::string layer = fmt::format("blk.{}.", index);
  return {.attention_norm = read_norm(reader, shape, layer + "attn_norm"),
          .query_key_value = read_query_key_value(reader, shape, layer),
          .query_norm = read_head_norm(reader, shape, layer + "attn_q_norm.weight"),
          .key_norm = read_head_norm(reader, shape, layer + "attn_k_norm.weight"),
          .attention_output =
              read_linear(reader, shape, layer + "attn_output", shape.width, shape.query_width()),
          .feed_forward_norm = read_norm(reader, shape, layer + "ffn_norm"),
          .feed_forward_in = read_feed_forward_in(reader, shape, layer),
          .feed_forward_out =
              read_linear(reader, shape, layer + "ffn_down", shape.width, shape.hidden)};
}

}  // namespace

TransformerWeights::TransformerWeights(ModelFile file)
    : file_(std::move(file)), shape_(read_transformer_shape(file_)) {
  const WeightReader reader(file_);
  embeddings_ = &reader.matrix("token_embd.weight", shape_.vocabulary, shape_.width);
  if (shape_.positions == TransformerShape::Positions::learned) {
    position_embeddings_ = &reader.matrix("position_embd.weight", shape_.context, shape_.width);
  }
  if (shape_.tokens_are_bytes()) ngrams_.emplace(reader, file_, shape_.width);
  for (std::size_t i = 0; i < shape_.layers; ++i) layers_.push_back(read_layer(reader, shape_, i));
  output_norm_ = read_norm(reader, shape_, "output_norm");
  const std::string head = reader.has("output.weight") ? "output" : "token_embd";
  head_ = read_linear(reader, shape_, head, shape_.vocabulary, shape_.width);
  if (reader.has("rope_freqs.weight")) {
    rope_divisors_ = reader.vector("rope_freqs.weight", shape_.rotated / 2);
  }
  for (const TensorView& tensor : file_.tensors()) parameters_ += tensor.elements();
}

void TransformerWeights::embed(const Input& input, std::span<float> row) const {
  const WeightReader reader(file_);
  reader.read_row(*embeddings_, input.token, row.first(shape_.width));
  if (ngrams_) ngrams_->add_to(row, input.recent, reader);
  if (position_embeddings_ == nullptr) return;
  std::vector<float> place(shape_.width);
  reader.read_row(*position_embeddings_, input.position, place);
  for (std::size_t i = 0; i < place.size(); ++i) row[i] += place[i];
}

std::uint64_t TransformerWeights::mapped_bytes(const ModelFile& file) {
  return file.tensor("token_embd.weight").bytes.size() + NgramTables::bytes(file);
}

std::uint64_t TransformerWeights::bytes(const TransformerShape& shape) {
  const std::size_t projected = shape.query_width() + 2 * shape.key_width();
  const bool gated = shape.feed_forward == TransformerShape::FeedForward::swiglu;
  const std::size_t hidden = gated ? 2 * lanes::round_up(shape.hidden) : shape.hidden;
  const std::uint64_t layer = PackedMatrix::bytes(projected, shape.width) +
                              PackedMatrix::bytes(shape.width, shape.query_width()) +
                              PackedMatrix::bytes(hidden, shape.width) +
                              PackedMatrix::bytes(shape.width, shape.hidden);
  return shape.layers * layer + PackedMatrix::bytes(shape.vocabulary, shape.width);
}

}  // namespace evalzip
