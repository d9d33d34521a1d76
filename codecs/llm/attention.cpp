#include "codecs/llm/attention.h"

#include <algorithm>
#include <cstring>

#include "codecs/llm/lanes.h"
#include "codecs/llm/padded_head.h"

namespace evalzip {
namespace {

constexpr std::size_t kQueryStride = 256;       // the largest head
constexpr std::size_t kScoreBytes = 256 << 10;  // of a job: they stay in cache

}  // namespace

void Attention::add_jobs(const RowRun& run) {
  const std::size_t score_bytes = 2 * group() * (run.position + run.rows) * sizeof(std::int32_t);
  const std::size_t most = std::clamp<std::size_t>(kScoreBytes / score_bytes, 1, 16);
  for (std::size_t i = 0; i < run.rows; i += most) {
    const RowRun part{run.cache, run.first_row + i, std::min(most, run.rows - i), run.position + i};
    for (std::size_t head = 0; head < shape_.key_heads; ++head) jobs_.push_back({part, head});
  }
}

void Attention::run(std::size_t layer, std::span<const RowRun> runs, const float* queries,
                    std::size_t query_stride, float* out, std::size_t out_stride) {
  jobs_.clear();
  for (const RowRun& run : runs) add_jobs(run);
  team_.for_each(jobs_.size(), [&](std::size_t index, unsigned thread) {
    const Job& job = jobs_[index];
    Scratch& scratch = scratch_[thread];
    quantise_queries(job, queries, query_stride, scratch);
    weigh_values(job, layer, scratch);
    sum_values(job, layer, scratch, out, out_stride);
  });
}

void Attention::quantise_queries(const Job& job, const float* queries, std::size_t stride,
                                 Scratch& scratch) {
  const std::size_t rows = job.run.rows * group(), size = shape_.head_size;
  std::uint8_t* high = at_least(scratch.queries, 2 * rows * kQueryStride);
  std::uint8_t* low = high + rows * kQueryStride;
  float* factors = at_least(scratch.factors, rows);
  PaddedHead head(size, at_least(scratch.head, kQueryStride));
  const float unit = lanes::kLog2E / __builtin_sqrtf(static_cast<float>(size));
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t query_head = job.key_head * group() + i % group();
    const float* query = queries + (job.run.first_row + i / group()) * stride + query_head * size;
    factors[i] = unit * kernels_.rows.quantise_wide(head.of(query), size, high + i * kQueryStride,
                                                    low + i * kQueryStride);
  }
}

void Attention::weigh_values(const Job& job, std::size_t layer, Scratch& scratch) {
  const std::size_t rows = job.run.rows * group(), positions = job.run.position + job.run.rows;
  const std::size_t padded = lanes::round_up(positions);
  Int8Product product = job.run.cache->key_product(layer, job.key_head, positions);
  product.rows = scratch.queries.data();
  product.row_count = 2 * rows;
  product.row_stride = kQueryStride;
  product.out = at_least(scratch.products, 2 * rows * padded);
  product.out_stride = padded;
  kernels_.product(product);
  std::uint8_t* weights = at_least(scratch.weights, 2 * rows * padded);
  float* scores = at_least(scratch.scores, padded);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t count = job.run.position + i / group() + 1;
    std::uint8_t* high = weights + i * padded;
    std::uint8_t* low = high + rows * padded;
    scratch.factors[i] = kernels_.rows.attention_weights(
        {.high = product.out + i * padded,
         .low = product.out + (rows + i) * padded,
         .key_scales = job.run.cache->key_scales(layer, job.key_head),
         .value_scales = job.run.cache->value_scales(layer, job.key_head),
         .scale = scratch.factors[i],
         .count = count,
         .scores = scores},
        {.high = high, .low = low});
    const std::size_t written = lanes::round_up(count);
    std::memset(high + written, 0, padded - written);
    std::memset(low + written, 0, padded - written);
  }
}

void Attention::sum_values(const Job& job, std::size_t layer, Scratch& scratch, float* out,
                           std::size_t stride) {
  const std::size_t rows = job.run.rows * group(), positions = job.run.position + job.run.rows;
  const std::size_t padded = lanes::round_up(positions),
                    columns = lanes::round_up(shape_.head_size);
  Int8Product product = job.run.cache->value_product(layer, job.key_head, positions);
  product.rows = scratch.weights.data();
  product.row_count = 2 * rows;
  product.row_stride = padded;
  product.out = at_least(scratch.products, 2 * rows * columns);
  product.out_stride = columns;
  kernels_.product(product);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t head = job.key_head * group() + i % group();
    float* at = out + (job.run.first_row + i / group()) * stride + head * shape_.head_size;
    const bool whole = columns == shape_.head_size;
    kernels_.rows.attention_output({.high = product.out + i * columns,
                                    .low = product.out + (rows + i) * columns,
                                    .factor = scratch.factors[i],
                                    .count = columns},
                                   whole ? at : scratch.head.data());
    if (!whole) std::memcpy(at, scratch.head.data(), shape_.head_size * sizeof(float));
  }
}

}  // namespace evalzip
