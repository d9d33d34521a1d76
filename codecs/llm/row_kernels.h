// What the engine does to rows of numbers between matrix products: norms, quantisation, activation,
// softmax. The same source is compiled for several instruction sets and gives the same bits in
// each.
//
// Lengths of float and int32 rows are rounded up to whole lanes by the caller (lanes::round_up):
// kernels read and write the padding, which must hold zeros where a row is summed or searched.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evalzip {

// A row in units of its scale: x is about scale * q.
//
// Plain: q in [-127, 127] in one row of bytes. Wide: q = 128 * high + low in [-16256, 16256], in
// two rows of bytes, each in [-127, 127], so that a matrix product of wide rows is two products of
// plain ones. The bytes hold 128 more, see int8_product.h.
//
// With outliers (after Dettmers et al. 2022): the scale is such that a byte holds six times the
// root mean square. The few q that are larger, up to 16256, are in a list apart: their bytes are
// low, and the list has high. It has no more than one of 36 numbers (Chebyshev), so a product costs
// as much as a plain one, and most numbers keep the digits that a plain row gives to its largest.
// A row whose root mean square is 1e-17 or less is taken for zeros.
constexpr float kNarrowest = 127.0f;
constexpr float kWidest = 127.0f * 128.0f;
constexpr int kWideBits = 7;
constexpr float kWidePart = 1 << kWideBits;
constexpr float kPlainDeviations = 6.0f;

struct Outlier {
  std::uint32_t at;    // index in the row
  std::int32_t parts;  // high: in units of 128 scales
};

// Of a row of `count` numbers. More would take NaN, which only a hostile model can cause; what the
// list has no place for is left out.
constexpr std::size_t most_outliers(std::size_t count) { return count / 32 + 1; }

struct QuantisedRow {
  float scale;
  std::size_t outliers;
};

// Attention weights, which are not negative: q = 128 * high + low, both in [0, 127], not biased.
constexpr float kWidestWeight = 127.0f * 128.0f + 127.0f;

// The sums of a row of products, and what turns them into numbers.
struct RowSums {
  const std::int32_t* sums;
  const float* column_scales;
  float row_scale;
  std::size_t count;
};

// What outliers add to the products of a row with panels of a matrix, see int8_product.h. Exact for
// finite rows; those with NaN, as a hostile model has them, may go over 2^31, and wrap everywhere.
struct OutlierProduct {
  const Outlier* outliers;
  std::size_t count;
  const std::int8_t* panels;
  std::size_t panel_count;
  std::size_t panel_stride;  // bytes
  std::int32_t* sums;        // 16 * panel_count
};

// All rows are rounded up to whole lanes; what they hold from count on may be anything.
struct AttentionScores {
  const std::int32_t* high;  // products of the query and each key
  const std::int32_t* low;
  const float* key_scales;
  const float* value_scales;
  float scale;        // of the query, times log2(e) / sqrt(head size)
  std::size_t count;  // keys that the query sees, at least 1
  float* scores;      // scratch
};

// Weights of the values, in bytes; their sum and scale are in one factor.
struct AttentionWeights {
  std::uint8_t* high;  // count rounded up to whole lanes; zero from count on
  std::uint8_t* low;
};

constexpr std::size_t kSummedLogits = 512;
constexpr std::size_t kLargestLanes = 32;

// Where a row of a matrix comes to lie in its panels, see int8_product.h.
struct QuadPlace {
  const std::uint8_t* values;  // 16 * panel_count, with the bias
  std::size_t panel_count;
  std::int8_t* panels;       // from the row's quads on
  std::size_t panel_stride;  // bytes
  std::size_t depth;         // of the four in a quad
};

// out = (128 * high + low) * factor.
struct WeighedValues {
  const std::int32_t* high;
  const std::int32_t* low;
  float factor;
  std::size_t count;
};

struct RowKernels {
  // out = gain * x / sqrt(mean(x^2) + epsilon) (Zhang, Sennrich 2019). `count` is the true length.
  void (*normalise_rms)(const float* x, const float* gain, std::size_t count, float epsilon,
                        float* out);
  // out = gain * (x - mean(x)) / sqrt(variance(x) + epsilon) + bias (Ba et al. 2016). Gain and bias
  // are zero in the padding.
  void (*normalise_layer)(const float* x, const float* gain, const float* bias, std::size_t count,
                          float epsilon, float* out);

  // Both return the scale.
  float (*quantise)(const float* x, std::size_t count, std::uint8_t* q);
  float (*quantise_wide)(const float* x, std::size_t count, std::uint8_t* high, std::uint8_t* low);
  // `outliers` has room for most_outliers(count). x is zero in the padding.
  QuantisedRow (*quantise_with_outliers)(const float* x, std::size_t count, std::uint8_t* q,
                                         Outlier* outliers);
  void (*add_outliers)(const OutlierProduct& product);

  // out = sum * column scale * row scale.
  void (*scale_sums)(const RowSums& sums, float* out);
  // out += that.
  void (*add_scaled_sums)(const RowSums& sums, float* out);
  // In units of 1/256 of a factor 2, held to 16 bits. The first `count` are logits, the others
  // padding. Each of kLargestLanes in `largest` is raised to some of them, together all.
  void (*scale_logits)(const RowSums& sums, std::size_t count, std::int16_t* out,
                       std::int16_t* largest);

  void (*add)(const float* x, std::size_t count, float* out);  // out += x
  // Panels of 16 gates and 16 values take turns: out = gate * logistic(gate) * value (Shazeer
  // 2020), half as many numbers as there are sums.
  void (*swiglu)(const RowSums& sums, float* out);
  // The approximation by tanh (Hendrycks, Gimpel 2016).
  void (*gelu)(float* x, std::size_t count);

  // Turns each pair (x[i], x[i + pairs]) by its angle.
  void (*rotate)(float* x, std::size_t pairs, const float* cosines, const float* sines);

  void (*place_in_quads)(const QuadPlace& place);

  // Softmax times the values' scales, as weights in units of the returned factor.
  float (*attention_weights)(const AttentionScores& scores, const AttentionWeights& weights);
  void (*attention_output)(const WeighedValues& values, float* out);

  // As exponential.h defines them. No padding.
  void (*exponentials)(const std::int16_t* logits, std::size_t count, std::int16_t largest,
                       std::uint32_t* exponentials);
  // The sum of those of each run of kSummedLogits, the last of which may be shorter.
  void (*sum_exponentials)(const std::int16_t* logits, std::size_t count, std::int16_t largest,
                           std::uint64_t* sums);
};

RowKernels row_kernels_portable();

}  // namespace evalzip
