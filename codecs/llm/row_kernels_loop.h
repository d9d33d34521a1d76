// The bodies of the row kernels, compiled once for each instruction set: `Isa` is a type of the
// including file's own, so that no two files share code made with different flags, and has what
// lanes::Operations has.
#pragma once

#include <algorithm>
#include <bit>
#include <climits>
#include <span>

#include "codecs/llm/int8_product.h"
#include "codecs/llm/lanes.h"
#include "codecs/llm/logit_kernels_loop.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

template <class Isa>
struct RowKernelsLoop {
  using Floats = lanes::Floats;
  using Ints = lanes::Ints;
  static constexpr std::size_t kLanes = lanes::kCount;

  static void normalise_rms(const float* x, const float* gain, std::size_t count, float epsilon,
                            float* out) {
    Floats squares{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats v = lanes::load(x + i);
      squares = squares + v * v;
    }
    const float mean = lanes::add_lanes(squares) / static_cast<float>(count);
    const float factor = 1.0f / square_root(mean + epsilon);
    for (std::size_t i = 0; i < count; i += kLanes) {
      lanes::store(out + i, lanes::load(x + i) * factor * lanes::load(gain + i));
    }
  }

  static void normalise_layer(const float* x, const float* gain, const float* bias,
                              std::size_t count, float epsilon, float* out) {
    Floats sum{};
    for (std::size_t i = 0; i < count; i += kLanes) sum = sum + lanes::load(x + i);
    const float mean = lanes::add_lanes(sum) / static_cast<float>(count);
    Floats squares{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats v = lanes::within(lanes::load(x + i) - mean, i, count);
      squares = squares + v * v;
    }
    const float variance = lanes::add_lanes(squares) / static_cast<float>(count);
    const float factor = 1.0f / square_root(variance + epsilon);
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats v = (lanes::load(x + i) - mean) * factor;
      lanes::store(out + i, v * lanes::load(gain + i) + lanes::load(bias + i));
    }
  }

  static float quantise(const float* x, std::size_t count, std::uint8_t* q) {
    const float largest = largest_size(x, count);
    const float factor = largest > lanes::kSmallestSize ? kNarrowest / largest : 0.0f;
    for (std::size_t i = 0; i < count; i += kLanes) {
      store_octets(q + i, rounded(lanes::load(x + i) * factor, kNarrowest) + kBias);
    }
    return largest / kNarrowest;
  }

  static float quantise_wide(const float* x, std::size_t count, std::uint8_t* high,
                             std::uint8_t* low) {
    const float largest = largest_size(x, count);
    const float factor = largest > lanes::kSmallestSize ? kWidest / largest : 0.0f;
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Ints q = rounded(lanes::load(x + i) * factor, kWidest);
      const Ints upper = (q + 64) >> 7;
      store_octets(high + i, upper + kBias);
      store_octets(low + i, q - (upper << 7) + kBias);
    }
    return largest / kWidest;
  }

  static QuantisedRow quantise_with_outliers(const float* x, std::size_t count, std::uint8_t* q,
                                             Outlier* outliers) {
    const auto [largest, mean_square] = spread(x, count);
    const float root = square_root(mean_square);
    // The root is no larger than the largest, unless its square was beyond binary32.
    const float deviations = kPlainDeviations * (root < largest ? root : largest);
    const float least = largest / kWidePart;
    const float plain = deviations > least ? deviations : least;
    const float factor = largest > kLeastSize ? kNarrowest / plain : 0.0f;
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Ints v = rounded(lanes::load(x + i) * factor, kWidest);
      const Ints beyond = (v > kByte) | (v < -kByte);
      const Ints parts = ((v + 64) >> 7) & beyond;
      store_octets(q + i, v - (parts << 7) + kBias);
      const unsigned those = Isa::nonzero(beyond);
      if (those == 0) continue;
      found = list_outliers(parts, those, i, {outliers, most_outliers(count)}, found);
    }
    return {plain / kNarrowest, found};
  }

  static void multiply_outliers(const OutlierProduct& product) {
    const OutlierProduct at = product;
    for (std::size_t i = 0; i < at.count; ++i) {
      const Outlier outlier = at.outliers[i];
      const std::int8_t* const weights = at.panels + outlier.at / kQuadDepth * kQuadBytes;
      const int before = 24 - 8 * static_cast<int>(outlier.at % kQuadDepth);
      for (std::size_t panel = 0; panel < at.panel_count; ++panel) {
        const auto quads = lanes::load_as<Ints>(weights + panel * at.panel_stride);
        std::int32_t* const out = at.out + panel * kPanelColumns;
        const Ints sums = i == 0 ? Ints{} : lanes::load(out);
        lanes::store(out, sums + ((quads << before) >> 24) * outlier.parts);
      }
    }
  }

  static void scale_sums(const RowSums& sums, float* out) {
    for_each_sum(sums, [&](std::size_t i, Floats v) { lanes::store(out + i, v); });
  }

  static void add_scaled_sums(const RowSums& sums, float* out) {
    for_each_sum(sums,
                 [&](std::size_t i, Floats v) { lanes::store(out + i, lanes::load(out + i) + v); });
  }

  static void scale_logits(const RowSums& sums, std::int16_t* out) {
    constexpr float kUnits = 256 * lanes::kLog2E;
    for_each_sum(sums, [&](std::size_t i, Floats v) {
      lanes::store(out + i, Isa::shorts(rounded(v * kUnits, 32767.0f)));
    });
  }

  static void add(const float* x, std::size_t count, float* out) {
    for (std::size_t i = 0; i < count; i += kLanes) {
      lanes::store(out + i, lanes::load(out + i) + lanes::load(x + i));
    }
  }

  static void swiglu(const RowSums& sums, float* out) {
    with_scaled(sums, [&](const auto scaled) {
      const std::size_t count = scaled.sums.count;
      for (std::size_t i = 0; i < count; i += 2 * kLanes) {
        const Floats gate = scaled(i), value = scaled(i + kLanes);
        lanes::store(out + i / 2, gate * lanes::logistic<Isa>(gate) * value);
      }
    });
  }

  // 0.5 * (1 + tanh(u)) is logistic(2 * u).
  static void gelu(float* x, std::size_t count) {
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats v = lanes::load(x + i);
      const Floats twice = (v + v * v * v * 0.044715f) * 1.59576912f;
      lanes::store(x + i, v * lanes::logistic<Isa>(twice));
    }
  }

  static void rotate(float* x, std::size_t pairs, const float* cosines, const float* sines) {
    float* y = x + pairs;
    std::size_t i = 0;
    for (; i + kLanes <= pairs; i += kLanes) {
      const Floats a = lanes::load(x + i), b = lanes::load(y + i);
      const Floats cosine = lanes::load(cosines + i), sine = lanes::load(sines + i);
      lanes::store(x + i, a * cosine - b * sine);
      lanes::store(y + i, a * sine + b * cosine);
    }
    for (; i < pairs; ++i) {
      const float a = x[i], b = y[i];
      x[i] = a * cosines[i] - b * sines[i];
      y[i] = a * sines[i] + b * cosines[i];
    }
  }

  static float attention_weights(const AttentionScores& scores, const AttentionWeights& weights) {
    const AttentionScores at = scores;
    const auto [high, low] = weights;
    const float largest = score_keys(at);
    Floats sum{}, top{};
    for (std::size_t i = 0; i < at.count; i += kLanes) {
      const Floats e =
          lanes::within(lanes::exp2<Isa>(lanes::load(at.scores + i) - largest), i, at.count);
      const Floats weighted = e * lanes::load(at.value_scales + i);
      sum = sum + e;
      top = Isa::larger(weighted, top);
      lanes::store(at.scores + i, weighted);
    }
    const float heaviest = lanes::largest_lane(top);
    const float factor = heaviest > lanes::kSmallestSize ? kWidestWeight / heaviest : 0.0f;
    for (std::size_t i = 0; i < at.count; i += kLanes) {
      const Floats v = Isa::larger(lanes::load(at.scores + i) * factor, Floats{});
      const Ints q = rounded(v, kWidestWeight);
      store_octets(high + i, q >> 7);
      store_octets(low + i, q & 127);
    }
    return heaviest / kWidestWeight / lanes::add_lanes(sum);
  }

  static void attention_output(const RowSums& sums, float* out) {
    for (std::size_t i = 0; i < sums.count; i += kLanes) {
      lanes::store(out + i, joined(sums.high + i, sums.low + i) * sums.row_scale);
    }
  }

  static RowKernels all() {
    return {.normalise_rms = normalise_rms,
            .normalise_layer = normalise_layer,
            .quantise = quantise,
            .quantise_wide = quantise_wide,
            .quantise_with_outliers = quantise_with_outliers,
            .multiply_outliers = multiply_outliers,
            .scale_sums = scale_sums,
            .add_scaled_sums = add_scaled_sums,
            .scale_logits = scale_logits,
            .add = add,
            .swiglu = swiglu,
            .gelu = gelu,
            .rotate = rotate,
            .attention_weights = attention_weights,
            .attention_output = attention_output,
            .largest_logit = LogitKernelsLoop<Isa>::largest,
            .exponentials = LogitKernelsLoop<Isa>::exponentials,
            .sum_shifted = LogitKernelsLoop<Isa>::sum_shifted};
  }

 private:
  static constexpr std::int32_t kBias = 128;
  static constexpr std::int32_t kByte = 127;
  static constexpr float kLeastSize = 1e-16f;  // binary32 holds the squares of larger ones

  static float square_root(float x) { return __builtin_sqrtf(x); }

  static void store_octets(std::uint8_t* at, Ints values) { lanes::store(at, Isa::octets(values)); }

  // Those of 16 numbers whose bit is set, the lowest that of the first, whose index is `begin`;
  // returns how many are listed.
  static std::size_t list_outliers(Ints parts, unsigned bits, std::size_t begin,
                                   std::span<Outlier> list, std::size_t listed) {
    std::int32_t values[kLanes];
    lanes::store(values, parts);
    for (; bits != 0 && listed < list.size(); bits &= bits - 1) {
      const auto k = static_cast<std::size_t>(std::countr_zero(bits));
      list[listed++] = {static_cast<std::uint32_t>(begin + k), values[k]};
    }
    return listed;
  }

  // The nearest integers in [-limit, limit]; NaN is taken for -limit.
  [[gnu::always_inline]] static Ints rounded(Floats values, float limit) {
    values = Isa::larger(values, lanes::all(-limit));
    return lanes::nearest(Isa::smaller(values, lanes::all(limit)));
  }

  struct Spread {
    float largest, mean_square;
  };

  static Spread spread(const float* x, std::size_t count) {
    Floats top{}, squares{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats v = lanes::load(x + i);
      top = Isa::larger(lanes::absolute(v), top);
      squares = squares + v * v;
    }
    return {lanes::largest_lane(top), lanes::add_lanes(squares) / static_cast<float>(count)};
  }

  static float largest_size(const float* x, std::size_t count) {
    Floats top{}, other{};  // two, so that the processor need not wait for one
    std::size_t i = 0;
    for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
      top = Isa::larger(lanes::absolute(lanes::load(x + i)), top);
      other = Isa::larger(lanes::absolute(lanes::load(x + i + kLanes)), other);
    }
    for (; i < count; i += kLanes) {
      top = Isa::larger(lanes::absolute(lanes::load(x + i)), top);
    }
    return lanes::largest_lane(Isa::larger(top, other));
  }

  [[gnu::always_inline]] static Floats joined(const std::int32_t* high, const std::int32_t* low) {
    return lanes::to_floats(lanes::load(high)) * kWidePart + lanes::to_floats(lanes::load(low));
  }

  // The sums as numbers, of rows with and without outliers. A copy: what is stored meanwhile does
  // not change it, and compilers should know.
  template <bool kOutliers>
  struct Scaled {
    RowSums sums;

    [[gnu::always_inline]] Floats operator()(std::size_t i) const {
      Floats v = lanes::to_floats(lanes::load(sums.low + i));
      if constexpr (kOutliers) v = joined(sums.high + i, sums.low + i);
      return v * lanes::load(sums.column_scales + i) * sums.row_scale;
    }
  };

  template <class Loop>
  [[gnu::always_inline]] static void with_scaled(const RowSums& sums, const Loop& loop) {
    if (sums.high == nullptr) {
      loop(Scaled<false>{sums});
    } else {
      loop(Scaled<true>{sums});
    }
  }

  template <class Visit>
  [[gnu::always_inline]] static void for_each_sum(const RowSums& sums, const Visit& visit) {
    with_scaled(sums, [&](const auto scaled) {
      const std::size_t count = scaled.sums.count;
      for (std::size_t i = 0; i < count; i += kLanes) visit(i, scaled(i));
    });
  }

  // Scores in units where a softmax takes powers of 2; returns the largest.
  static float score_keys(const AttentionScores at) {
    constexpr float kLowest = -3.0e38f;
    Floats top = lanes::all(kLowest);
    for (std::size_t i = 0; i < at.count; i += kLanes) {
      const Floats score =
          joined(at.high + i, at.low + i) * lanes::load(at.key_scales + i) * at.scale;
      top = Isa::larger(lanes::within(score, i, at.count, lanes::all(kLowest)), top);
      lanes::store(at.scores + i, score);
    }
    return lanes::largest_lane(top);
  }
};

}  // namespace evalzip
