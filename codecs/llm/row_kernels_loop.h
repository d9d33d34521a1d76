// The bodies of the row kernels, compiled once for each instruction set: `Isa` is a type of the
// including file's own, so that no two files share code made with different flags, and has what
// lanes::Operations and lanes::Registers have.
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
    const float factor = 1.0f / square_root(mean_square(x, count) + epsilon);
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
    const float root = square_root(mean_square(x, count));
    // Where a square was beyond binary32, or of no number, as in a row without outliers.
    const float plain = root < kLargestRoot ? kPlainDeviations * root : largest_size(x, count);
    const float factor = plain > kLeastSize ? kNarrowest / plain : 0.0f;
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats scaled = lanes::load(x + i) * factor;
      const Ints v = lanes::nearest(scaled);
      store_octets(q + i, v + kBias);
      const unsigned beyond = Isa::beyond(v, kByte);  // NaN is as well
      if (beyond == 0) continue;
      const Ints limited = rounded(scaled, kWidest), parts = (limited + 64) >> 7;
      store_some_octets(q + i, limited - (parts << 7) + kBias, beyond);
      found = list_outliers(parts, beyond, i, {outliers, most_outliers(count)}, found);
    }
    return {plain / kNarrowest, found};
  }

  static void add_outliers(const OutlierProduct& product) {
    const OutlierProduct at = product;
    for (const Outlier& outlier : std::span(at.outliers, at.count)) {
      const std::int8_t* const weights = at.panels + outlier.at / kQuadDepth * kQuadBytes;
      const int depth = static_cast<int>(outlier.at % kQuadDepth);
      for (std::size_t panel = 0; panel < at.panel_count; ++panel) {
        const auto quads = lanes::load_as<Ints>(weights + panel * at.panel_stride);
        std::int32_t* const sums = at.sums + panel * kPanelColumns;
        const Ints products = Isa::products(quads, depth, outlier.parts);
        // Unsigned, as the sums of a hostile model may go over.
        lanes::store(sums, lanes::load_as<UnsignedInts>(sums) +
                               (reinterpret_cast<UnsignedInts>(products) << kWideBits));
      }
    }
  }

  static void scale_sums(const RowSums& sums, float* out) {
    const Scaled scaled{sums};
    for (std::size_t i = 0; i < scaled.from.count; i += kLanes) lanes::store(out + i, scaled(i));
  }

  static void add_scaled_sums(const RowSums& sums, float* out) {
    const Scaled scaled{sums};
    for (std::size_t i = 0; i < scaled.from.count; i += kLanes) {
      lanes::store(out + i, lanes::load(out + i) + scaled(i));
    }
  }

  static void scale_logits(const RowSums& sums, std::size_t count, std::int16_t* out,
                           std::int16_t* largest) {
    RowSums in_units = sums;
    in_units.row_scale *= lanes::kLogitUnits;
    auto top = lanes::load_as<lanes::Shorts>(largest);
    static_assert(sizeof top == kLargestLanes * sizeof *largest);
    const Scaled scaled{in_units};
    std::size_t i = 0;
    for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
      const lanes::Shorts logits = Isa::nearest_shorts(scaled(i), scaled(i + kLanes));
      lanes::store(out + i, logits);
      top = Isa::larger(logits, top);
    }
    const std::size_t whole = i;
    for (; i < scaled.from.count; i += kLanes) {
      std::int16_t logits[2 * kLanes];
      lanes::store(logits, Isa::nearest_shorts(scaled(i), Floats{}));
      std::copy_n(logits, kLanes, out + i);
    }
    lanes::store(largest, top);
    for (i = whole; i < count; ++i) *largest = std::max(*largest, out[i]);
  }

  static void add(const float* x, std::size_t count, float* out) {
    for (std::size_t i = 0; i < count; i += kLanes) {
      lanes::store(out + i, lanes::load(out + i) + lanes::load(x + i));
    }
  }

  static void swiglu(const RowSums& sums, float* out) {
    const Scaled scaled{sums};
    for (std::size_t i = 0; i < scaled.from.count; i += 2 * kLanes) {
      const Floats gate = scaled(i), value = scaled(i + kLanes);
      lanes::store(out + i / 2, gate * lanes::logistic<Isa>(gate) * value);
    }
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
      rotate_some<Floats>(x + i, y + i, cosines + i, sines + i);
    }
    for (; i + kLanes / 2 <= pairs; i += kLanes / 2) {
      rotate_some<HalfFloats>(x + i, y + i, cosines + i, sines + i);
    }
    for (; i < pairs; ++i) rotate_some<float>(x + i, y + i, cosines + i, sines + i);
  }

  static void place_in_quads(const QuadPlace& place) {
    const int before = 8 * static_cast<int>(place.depth);
    const Ints others = Ints{} + ~(255 << before);
    for (std::size_t panel = 0; panel < place.panel_count; ++panel) {
      std::int8_t* const at = place.panels + panel * place.panel_stride;
      const auto values = lanes::load_as<lanes::Octets>(place.values + panel * kPanelColumns);
      const Ints own = __builtin_convertvector(values ^ kRowBias, Ints) << before;
      lanes::store(at, (lanes::load_as<Ints>(at) & others) | own);
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

  static void attention_output(const WeighedValues& values, float* out) {
    for (std::size_t i = 0; i < values.count; i += kLanes) {
      lanes::store(out + i, joined(values.high + i, values.low + i) * values.factor);
    }
  }

  static RowKernels all() {
    return {.normalise_rms = normalise_rms,
            .normalise_layer = normalise_layer,
            .quantise = quantise,
            .quantise_wide = quantise_wide,
            .quantise_with_outliers = quantise_with_outliers,
            .add_outliers = add_outliers,
            .scale_sums = scale_sums,
            .add_scaled_sums = add_scaled_sums,
            .scale_logits = scale_logits,
            .add = add,
            .swiglu = swiglu,
            .gelu = gelu,
            .rotate = rotate,
            .place_in_quads = place_in_quads,
            .attention_weights = attention_weights,
            .attention_output = attention_output,
            .exponentials = LogitKernelsLoop<Isa>::exponentials,
            .sum_exponentials = LogitKernelsLoop<Isa>::sum_exponentials};
  }

 private:
  static constexpr std::int32_t kBias = 128;
  static constexpr std::int32_t kByte = 127;
  // Binary32 holds the squares of such sizes, and of such roots.
  static constexpr float kLeastSize = 1e-16f, kLargestRoot = 1e18f;

  using HalfFloats [[gnu::vector_size(32)]] = float;
  using UnsignedInts [[gnu::vector_size(64)]] = std::uint32_t;

  template <class Some>
  [[gnu::always_inline]] static void rotate_some(float* x, float* y, const float* cosines,
                                                 const float* sines) {
    const Some a = lanes::load_as<Some>(x), b = lanes::load_as<Some>(y);
    const Some cosine = lanes::load_as<Some>(cosines), sine = lanes::load_as<Some>(sines);
    lanes::store(x, a * cosine - b * sine);
    lanes::store(y, a * sine + b * cosine);
  }

  static float square_root(float x) { return __builtin_sqrtf(x); }

  static void store_octets(std::uint8_t* at, Ints values) { lanes::store(at, Isa::octets(values)); }

  static void store_some_octets(std::uint8_t* at, Ints values, unsigned bits) {
    for (; bits != 0; bits &= bits - 1) {
      const auto k = static_cast<std::size_t>(std::countr_zero(bits));
      at[k] = static_cast<std::uint8_t>(values[k]);
    }
  }

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

  static float mean_square(const float* x, std::size_t count) {
    Floats squares{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats v = lanes::load(x + i);
      squares = squares + v * v;
    }
    return lanes::add_lanes(squares) / static_cast<float>(count);
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

  // The sums as numbers. A copy: what is stored meanwhile does not change it, and compilers should
  // know.
  struct Scaled {
    RowSums from;

    [[gnu::always_inline]] Floats operator()(std::size_t i) const {
      return lanes::to_floats(lanes::load(from.sums + i)) * lanes::load(from.column_scales + i) *
             from.row_scale;
    }
  };

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
