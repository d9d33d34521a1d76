#include "codecs/llm/transformer.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "codecs/llm/lanes.h"

namespace evalzip {
namespace {

// Rows of logits that are in memory at once.
constexpr std::size_t kLogitRows = 128;
constexpr std::size_t kRowsAhead = 2;  // whose lines are asked for

std::size_t padded(std::size_t count) { return lanes::round_up(count); }

// Where rows to come will write: nothing else tells the processor, as each is far from the others.
void ask_for_lines(const std::int16_t* at, std::size_t count) {
  constexpr std::size_t kLine = 64 / sizeof *at;
  for (std::size_t i = 0; i < count; i += kLine) __builtin_prefetch(at + i, 1);
}

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
      width_(padded(shape_.width)),
      row_(team.size(), AlignedVector<float>(std::max<std::size_t>(width_, 256))) {}

std::uint64_t Transformer::scratch_bytes(const TransformerShape& shape, std::size_t positions,
                                         std::size_t rows, std::size_t predicting) {
  const std::size_t widest = std::max({shape.width, shape.hidden, shape.query_width()});
  const std::uint64_t numbers =
      shape.width + 2 * shape.query_width() + 2 * shape.key_width() + shape.hidden;
  return rows * numbers * sizeof(float) + QuantisedRows::bytes(rows, widest) +
         positions * shape.rotated * sizeof(float) +
         std::min(predicting, kLogitRows) * shape.vocabulary * sizeof(std::int16_t);
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
  team_.for_each(rows.size(), [&](std::size_t row, unsigned thread) {
    keep_keys_and_values(index, rows[row], projected_.data() + row * stride, thread);
  });
  attention_.run(index, runs_, projected_.data(), stride, attended_.data(), attended);
  quantise(attended_, rows.size(), shape_.query_width());
  multiply_and_add(layer.attention_output);
}

void Transformer::keep_keys_and_values(std::size_t index, const TokenRow& row, float* projected,
                                       unsigned thread) {
  const LayerWeights& layer = weights_.layers()[index];
  const std::size_t size = shape_.head_size;
  float* head = row_[thread].data();
  std::fill_n(head, padded(size), 0.0f);
  for (std::size_t h = 0; h < shape_.heads; ++h) {
    place_head(projected + h * size, layer.query_norm, row.position);
  }
  float* keys = projected + shape_.query_width();
  float* values = keys + shape_.key_width();
  for (std::size_t h = 0; h < shape_.key_heads; ++h) {
    place_head(keys + h * size, layer.key_norm, row.position);
    std::memcpy(head, keys + h * size, size * sizeof(float));
    row.cache->set_key(index, h, row.position, head, kernels_.rows);
    std::memcpy(head, values + h * size, size * sizeof(float));
    row.cache->set_value(index, h, row.position, head, kernels_.rows);
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
                 [&](std::size_t row, std::size_t column, const RowSums& sums) {
                   kernels_.rows.swiglu(sums, hidden_.data() + row * stride + column / 2);
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
  const PackedMatrix& head = weights_.head().matrix;
  const std::size_t stride = head.padded_columns();
  logits_.resize(std::min(predicting_.size(), kLogitRows) * stride);
  for (std::size_t begin = 0; begin < predicting_.size(); begin += kLogitRows) {
    const std::size_t count = std::min(kLogitRows, predicting_.size() - begin);
    quantised_.reset(count, shape_.width);
    team_.for_each(count, [&](std::size_t i, unsigned thread) {
      float* out = row_[thread].data();
      normalise_row(weights_.output_norm(), x_.data() + predicting_[begin + i] * width_, out);
      quantised_.set(i, out, shape_.width, kernels_.rows);
    });
    product_.run(quantised_, head, [&](std::size_t row, std::size_t column, const RowSums& sums) {
      std::int16_t* at = logits_.data() + row * stride + column;
      if (row + kRowsAhead < count) ask_for_lines(at + kRowsAhead * stride, sums.count);
      kernels_.rows.scale_logits(sums, at);
    });
    team_.for_each(count, [&](std::size_t i, unsigned thread) {
      use(predicting_[begin + i], std::span(logits_).subspan(i * stride, stride), thread);
    });
  }
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
  product_.run(quantised_, linear.matrix,
               [&](std::size_t row, std::size_t column, const RowSums& sums) {
                 float* at = out.data() + row * stride + column;
                 kernels_.rows.scale_sums(sums, at);
                 if (!linear.bias.empty()) {
                   kernels_.rows.add(linear.bias.data() + column, sums.count, at);
                 }
               });
}

void Transformer::multiply_and_add(const Linear& linear) {
  product_.run(quantised_, linear.matrix,
               [&](std::size_t row, std::size_t column, const RowSums& sums) {
                 float* at = x_.data() + row * width_ + column;
                 kernels_.rows.add_scaled_sums(sums, at);
                 if (!linear.bias.empty()) {
                   kernels_.rows.add(linear.bias.data() + column, sums.count, at);
                 }
               });
}

}  // namespace evalzip
