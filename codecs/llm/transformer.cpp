#include "codecs/llm/transformer.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "codecs/llm/lanes.h"
#include "codecs/llm/padded_head.h"

namespace evalzip {
namespace {

std::size_t padded(std::size_t count) { return lanes::round_up(count); }

RopeSettings rope_settings(const TransformerWeights& weights) {
  const TransformerShape& shape = weights.shape();
  return {.size = shape.rotated,
          .base = shape.rope_base,
          .position_scale = shape.rope_position_scale,
          .divisors = weights.rope_divisors()};
}

}  // namespace

Transformer::Transformer(const TransformerWeights& weights, std::size_t positions, ThreadTeam& team,
                         const EngineKernels& kernels)
    : weights_(weights),
      shape_(weights.shape()),
      team_(team),
      kernels_(kernels),
      rope_(rope_settings(weights), positions),
      product_(team, kernels),
      attention_(shape_, team, kernels),
      head_(team, kernels),
      width_(padded(shape_.width)),
      row_(team.size(), AlignedVector<float>(std::max<std::size_t>(width_, 256))) {}

std::uint64_t Transformer::scratch_bytes(const TransformerShape& shape, std::size_t positions,
                                         std::size_t rows, std::size_t predicting) {
  const std::size_t widest = std::max({shape.width, shape.hidden, shape.query_width()});
  const std::uint64_t numbers =
      shape.width + 2 * shape.query_width() + 2 * shape.key_width() + shape.hidden;
  return rows * numbers * sizeof(float) + QuantisedRows::bytes(rows, widest) +
         positions * shape.rotated * sizeof(float) +
         HeadProduct::bytes(predicting, shape.vocabulary);
}

void Transformer::run(std::span<const TokenRow> rows, const UsePrediction& use) {
  begin(rows);
  for (std::size_t layer = 0; layer < shape_.layers; ++layer) {
    attend(layer, rows);
    feed_forward(weights_.layers()[layer], rows.size());
  }
  predict(rows, use);
}

void Transformer::begin(std::span<const TokenRow> rows) {
  runs_.clear();
  quads_.clear();
  x_.assign(rows.size() * width_, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    weights_.embed({rows[i].token, rows[i].position, rows[i].recent},
                   std::span(x_).subspan(i * width_, width_));
    if (i > 0 && rows[i].cache == rows[i - 1].cache) {
      assert(rows[i].position == rows[i - 1].position + 1);
      ++runs_.back().rows;
    } else {
      runs_.push_back({rows[i].cache, i, 1, rows[i].position});
    }
    if (runs_.back().rows == 1 || rows[i].position % kQuadDepth == 0) {
      quads_.push_back({rows[i].cache, i, 1, rows[i].position});
    } else {
      ++quads_.back().rows;
    }
  }
  const std::size_t projected = weights_.layers().front().query_key_value.matrix.padded_columns();
  projected_.resize(rows.size() * projected);
  attended_.assign(rows.size() * padded(shape_.query_width()), 0);
  hidden_.resize(rows.size() * padded(shape_.hidden));
}

void Transformer::attend(std::size_t index, std::span<const TokenRow> rows) {
  const LayerWeights& layer = weights_.layers()[index];
  const std::size_t stride = layer.query_key_value.matrix.padded_columns();
  const std::size_t attended = padded(shape_.query_width());
  normalise(layer.attention_norm, rows.size());
  multiply(layer.query_key_value, projected_);
  team_.for_each(quads_.size(), [&](std::size_t quad, unsigned thread) {
    for (std::size_t i = 0; i < quads_[quad].rows; ++i) {
      const std::size_t row = quads_[quad].first_row + i;
      keep_keys_and_values(index, rows[row], projected_.data() + row * stride, thread);
    }
  });
  attention_.run(index, runs_, projected_.data(), stride, attended_.data(), attended);
  quantise(attended_, rows.size(), shape_.query_width());
  multiply_and_add(layer.attention_output);
}

void Transformer::keep_keys_and_values(std::size_t index, const TokenRow& row, float* projected,
                                       unsigned thread) {
  const LayerWeights& layer = weights_.layers()[index];
  const std::size_t size = shape_.head_size;
  PaddedHead head(size, row_[thread].data());
  for (std::size_t h = 0; h < shape_.heads; ++h) {
    place_head(projected + h * size, layer.query_norm, row.position);
  }
  float* keys = projected + shape_.query_width();
  float* values = keys + shape_.key_width();
  for (std::size_t h = 0; h < shape_.key_heads; ++h) {
    place_head(keys + h * size, layer.key_norm, row.position);
    row.cache->set_key(index, h, row.position, head.of(keys + h * size), kernels_.rows);
    row.cache->set_value(index, h, row.position, head.of(values + h * size), kernels_.rows);
  }
}

void Transformer::place_head(float* head, const std::optional<PaddedRow>& norm,
                             std::size_t position) const {
  if (norm) {
    float x[256] = {}, out[256];
    std::memcpy(x, head, shape_.head_size * sizeof(float));
    kernels_.rows.normalise_rms(x, norm->data(), shape_.head_size, shape_.epsilon, out);
    std::memcpy(head, out, shape_.head_size * sizeof(float));
  }
  if (shape_.rotated == 0) return;
  kernels_.rows.rotate(head, shape_.rotated / 2, rope_.cosines(position).data(),
                       rope_.sines(position).data());
}

void Transformer::feed_forward(const LayerWeights& layer, std::size_t rows) {
  const std::size_t stride = padded(shape_.hidden);
  normalise(layer.feed_forward_norm, rows);
  if (shape_.feed_forward == TransformerShape::FeedForward::gelu) {
    multiply(layer.feed_forward_in, hidden_);
    team_.for_each(rows, [&](std::size_t row, unsigned) {
      kernels_.rows.gelu(hidden_.data() + row * stride, shape_.hidden);
    });
  } else {
    product_.run(quantised_, layer.feed_forward_in.matrix,
                 [&](const ProductPart& part, const RowSums& sums) {
                   kernels_.rows.swiglu(sums, hidden_.data() + part.row * stride + part.column / 2);
                 });
  }
  quantise(hidden_, rows, shape_.hidden);
  multiply_and_add(layer.feed_forward_out);
}

void Transformer::predict(std::span<const TokenRow> rows, const UsePrediction& use) {
  predicting_.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].predicts) predicting_.push_back(i);
  }
  if (predicting_.empty()) return;
  quantised_.reset(predicting_.size(), shape_.width);
  team_.for_each(predicting_.size(), [&](std::size_t i, unsigned thread) {
    float* out = row_[thread].data();
    normalise_row(weights_.output_norm(), x_.data() + predicting_[i] * width_, out);
    quantised_.set(i, out, shape_.width, kernels_.rows);
  });
  head_.run(quantised_, weights_.head().matrix);
  team_.for_each(predicting_.size(), [&](std::size_t i, unsigned thread) {
    use(predicting_[i], head_.logits(i), thread);
  });
}

void Transformer::normalise_row(const NormWeights& norm, const float* x, float* out) const {
  if (shape_.norm == TransformerShape::Norm::rms) {
    kernels_.rows.normalise_rms(x, norm.gain.data(), shape_.width, shape_.epsilon, out);
  } else {
    kernels_.rows.normalise_layer(x, norm.gain.data(), norm.bias.data(), shape_.width,
                                  shape_.epsilon, out);
  }
}

void Transformer::normalise(const NormWeights& norm, std::size_t rows) {
  quantised_.reset(rows, shape_.width);
  team_.for_each(rows, [&](std::size_t row, unsigned thread) {
    float* out = row_[thread].data();
    normalise_row(norm, x_.data() + row * width_, out);
    quantised_.set(row, out, shape_.width, kernels_.rows);
  });
}

void Transformer::quantise(const AlignedVector<float>& x, std::size_t rows, std::size_t depth) {
  quantised_.reset(rows, depth);
  team_.for_each(rows, [&](std::size_t row, unsigned) {
    quantised_.set(row, x.data() + row * padded(depth), depth, kernels_.rows);
  });
}

void Transformer::multiply(const Linear& linear, AlignedVector<float>& out) {
  const std::size_t stride = linear.matrix.padded_columns();
  product_.run(quantised_, linear.matrix, [&](const ProductPart& part, const RowSums& sums) {
    float* at = out.data() + part.row * stride + part.column;
    kernels_.rows.scale_sums(sums, at);
    if (!linear.bias.empty()) {
      kernels_.rows.add(linear.bias.data() + part.column, sums.count, at);
    }
  });
}

void Transformer::multiply_and_add(const Linear& linear) {
  product_.run(quantised_, linear.matrix, [&](const ProductPart& part, const RowSums& sums) {
    float* at = x_.data() + part.row * width_ + part.column;
    kernels_.rows.add_scaled_sums(sums, at);
    if (!linear.bias.empty()) {
      kernels_.rows.add(linear.bias.data() + part.column, sums.count, at);
    }
  });
}

}  // namespace evalzip
