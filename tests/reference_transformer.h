// A transformer in plain binary32, written to be compared with: one token at a time, whole
// matrices, functions of libm. Slow, and rounded otherwise on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "codecs/llm/model_file.h"
#include "codecs/llm/transformer_shape.h"

namespace evalzip {

class ReferenceTransformer {
 public:
  using Row = std::vector<float>;

  explicit ReferenceTransformer(const ModelFile& file)
      : shape_(read_transformer_shape(file)), past_(shape_.layers) {
    for (const TensorView& tensor : file.tensors()) {
      Row& values = tensors_[tensor.name];
      values.resize(tensor.elements());
      for (std::uint64_t r = 0; r < tensor.rows(); ++r) {
        dequantise_row(tensor.type, tensor.row(r),
                       std::span(values).subspan(r * tensor.columns(), tensor.columns()));
      }
    }
  }

  const TransformerShape& shape() const { return shape_; }

  void restart() { past_.assign(shape_.layers, {}); }

  // Takes in the next token; the logits of the one after it.
  Row logits(std::uint32_t token) {
    Row x = row_of("token_embd.weight", token);
    const std::size_t position = past_[0].keys.size();
    if (shape_.positions == TransformerShape::Positions::learned) {
      add(row_of("position_embd.weight", position), x);
    }
    for (std::size_t i = 0; i < shape_.layers; ++i) {
      const std::string layer = "blk." + std::to_string(i) + ".";
      add(attention(layer, past_[i], norm(layer + "attn_norm", x), position), x);
      add(feed_forward(layer, norm(layer + "ffn_norm", x)), x);
    }
    const bool tied = !tensors_.contains("output.weight");
    return linear(tied ? "token_embd" : "output", norm("output_norm", x));
  }

 private:
  struct Past {
    std::vector<Row> keys, values;
  };

  static void add(const Row& more, Row& x) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += more[i];
  }

  Row row_of(const std::string& name, std::size_t index) const {
    const auto begin =
        tensors_.at(name).begin() + static_cast<std::ptrdiff_t>(index * shape_.width);
    return Row(begin, begin + static_cast<std::ptrdiff_t>(shape_.width));
  }

  // Sixteen sums, which compilers keep in one register.
  static float dot(const float* a, const float* b, std::size_t count) {
    float sums[16] = {};
    std::size_t i = 0;
    for (; i + 16 <= count; i += 16) {
      for (std::size_t k = 0; k < 16; ++k) sums[k] += a[i + k] * b[i + k];
    }
    float sum = 0;
    for (; i < count; ++i) sum += a[i] * b[i];
    for (const float part : sums) sum += part;
    return sum;
  }

  Row linear(const std::string& name, const Row& x) const {
    const Row& weights = tensors_.at(name + ".weight");
    Row y(weights.size() / x.size());
    for (std::size_t r = 0; r < y.size(); ++r) {
      y[r] = dot(weights.data() + r * x.size(), x.data(), x.size());
    }
    if (const auto bias = tensors_.find(name + ".bias"); bias != tensors_.end()) {
      add(bias->second, y);
    }
    return y;
  }

  Row norm(const std::string& name, Row x) const {
    const float size = static_cast<float>(x.size());
    const bool centred = shape_.norm == TransformerShape::Norm::layer;
    float mean = 0, squares = 0;
    for (const float v : x) mean += centred ? v / size : 0;
    for (const float v : x) squares += (v - mean) * (v - mean);
    const Row& gain = tensors_.at(name + ".weight");
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = (x[i] - mean) / std::sqrt(squares / size + shape_.epsilon) * gain[i];
    }
    if (centred) add(tensors_.at(name + ".bias"), x);
    return x;
  }

  // The heads of a row of queries or keys, normalised and turned.
  void place_heads(const std::string& norm_name, std::size_t position, Row& row) const {
    const std::size_t size = shape_.head_size;
    for (std::size_t at = 0; at < row.size(); at += size) {
      const auto begin = row.begin() + static_cast<std::ptrdiff_t>(at);
      Row head(begin, begin + static_cast<std::ptrdiff_t>(size));
      if (tensors_.contains(norm_name + ".weight")) head = norm(norm_name, head);
      rotate(position, head);
      std::ranges::copy(head, begin);
    }
  }

  void rotate(std::size_t position, Row& head) const {
    const std::size_t pairs = shape_.rotated / 2;
    const bool neighbours = shape_.positions == TransformerShape::Positions::rotary_pairs;
    for (std::size_t i = 0; i < pairs; ++i) {
      float& a = head[neighbours ? 2 * i : i];
      float& b = head[neighbours ? 2 * i + 1 : i + pairs];
      const double angle =
          static_cast<double>(position) * shape_.rope_position_scale *
          std::pow(shape_.rope_base, -static_cast<double>(i) / static_cast<double>(pairs));
      const auto c = static_cast<float>(std::cos(angle)), s = static_cast<float>(std::sin(angle));
      const float turned = a * c - b * s;
      b = a * s + b * c;
      a = turned;
    }
  }

  Row attention(const std::string& layer, Past& past, const Row& x, std::size_t position) const {
    Row queries, keys, values;
    if (tensors_.contains(layer + "attn_qkv.weight")) {
      const Row all = linear(layer + "attn_qkv", x);
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(shape_.query_width());
      const auto second = first + static_cast<std::ptrdiff_t>(shape_.key_width());
      queries.assign(all.begin(), first);
      keys.assign(first, second);
      values.assign(second, all.end());
    } else {
      queries = linear(layer + "attn_q", x);
      keys = linear(layer + "attn_k", x);
      values = linear(layer + "attn_v", x);
    }
    place_heads(layer + "attn_q_norm", position, queries);
    place_heads(layer + "attn_k_norm", position, keys);
    past.keys.push_back(keys);
    past.values.push_back(values);
    Row gathered(queries.size());
    for (std::size_t head = 0; head < shape_.heads; ++head) gather(past, queries, head, gathered);
    return linear(layer + "attn_output", gathered);
  }

  void gather(const Past& past, const Row& queries, std::size_t head, Row& gathered) const {
    const std::size_t size = shape_.head_size;
    const std::size_t key = head / (shape_.heads / shape_.key_heads) * size;
    Row weights;
    for (const Row& keys : past.keys) {
      weights.push_back(dot(queries.data() + head * size, keys.data() + key, size) /
                        std::sqrt(static_cast<float>(size)));
    }
    const float top = *std::ranges::max_element(weights);
    float sum = 0;
    for (float& weight : weights) {
      weight = std::exp(weight - top);
      sum += weight;
    }
    for (std::size_t t = 0; t < weights.size(); ++t) {
      for (std::size_t i = 0; i < size; ++i) {
        gathered[head * size + i] += weights[t] / sum * past.values[t][key + i];
      }
    }
  }

  Row feed_forward(const std::string& layer, const Row& x) const {
    Row up = linear(layer + "ffn_up", x);
    if (shape_.feed_forward == TransformerShape::FeedForward::gelu) {
      for (float& v : up) {
        v *= 0.5f * (1 + std::tanh(0.7978845608f * (v + 0.044715f * v * v * v)));
      }
    } else {
      const Row gate = linear(layer + "ffn_gate", x);
      for (std::size_t i = 0; i < up.size(); ++i) up[i] *= gate[i] / (1 + std::exp(-gate[i]));
    }
    return linear(layer + "ffn_down", up);
  }

  TransformerShape shape_;
  std::map<std::string, Row> tensors_;
  std::vector<Past> past_;  // of each layer
};

}  // namespace evalzip
