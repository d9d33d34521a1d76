// The bodies of the row kernels, compiled once for each instruction set: `Isa` is a type of the
// including file's own, so that no two files share code made with different flags.
#pragma once

#include "codecs/llm/lanes.h"
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
      const Floats v = within(lanes::load(x + i) - mean, i, count);
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
      lanes::store(out + i, __builtin_convertvector(rounded(v * kUnits, 32767.0f), lanes::Shorts));
    });
  }

  static void add(const float* x, std::size_t count, float* out) {
    for (std::size_t i = 0; i < count; i += kLanes) {
      lanes::store(out + i, lanes::load(out + i) + lanes::load(x + i));
    }
  }

  static void swiglu(const RowSums& sums, float* out) {
    for (std::size_t i = 0; i < sums.count; i += 2 * kLanes) {
      const Floats gate = scaled(sums, i);
      const Floats value = scaled(sums, i + kLanes);
      lanes::store(out + i / 2, gate * lanes::logistic(gate) * value);
    }
  }

  // 0.5 * (1 + tanh(u)) is logistic(2 * u).
  static void gelu(float* x, std::size_t count) {
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Floats v = lanes::load(x + i);
      const Floats twice = (v + v * v * v * 0.044715f) * 1.59576912f;
      lanes::store(x + i, v * lanes::logistic(twice));
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

  static float attention_weights(const AttentionScores& at, const AttentionWeights& weights) {
    const float largest = score_keys(at);
    Floats sum{}, top{};
    for (std::size_t i = 0; i < at.count; i += kLanes) {
      const Floats e = within(lanes::exp2(lanes::load(at.scores + i) - largest), i, at.count);
      const Floats weighted = e * lanes::load(at.value_scales + i);
      sum = sum + e;
      top = lanes::larger(weighted, top);
      lanes::store(at.scores + i, weighted);
    }
    const float heaviest = lanes::largest_lane(top);
    const float factor = heaviest > lanes::kSmallestSize ? kWidestWeight / heaviest : 0.0f;
    for (std::size_t i = 0; i < at.count; i += kLanes) {
      const Floats v = lanes::larger(lanes::load(at.scores + i) * factor, Floats{});
      const Ints q = rounded(v, kWidestWeight);
      store_octets(weights.high + i, q >> 7);
      store_octets(weights.low + i, q & 127);
    }
    return heaviest / kWidestWeight / lanes::add_lanes(sum);
  }

  static void attention_output(const RowSums& sums, float* out) {
    for (std::size_t i = 0; i < sums.count; i += kLanes) {
      lanes::store(out + i, joined(sums.high + i, sums.low + i) * sums.row_scale);
    }
  }

  static std::int16_t largest_logit(const std::int16_t* logits, std::size_t count) {
    lanes::Shorts top = lanes::load(logits);
    for (std::size_t i = 0; i < count; i += kLanes) {
      const lanes::Shorts v = lanes::load(logits + i);
      top = v > top ? v : top;
    }
    std::int16_t largest = top[0];
    for (std::size_t i = 1; i < kLanes; ++i) largest = top[i] > largest ? top[i] : largest;
    return largest;
  }

  static std::uint64_t exponentials(const std::int16_t* logits, std::size_t count,
                                    std::int16_t largest, std::int32_t* exponentials) {
    Longs even{}, odd{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      Ints e = exponential(__builtin_convertvector(lanes::load(logits + i), Ints) - largest);
      if (i + kLanes > count) e = within(e, i, count);
      const Longs pairs = reinterpret_cast<Longs>(e);
      even += pairs & 0x7fffffff;
      odd += pairs >> 32;
      lanes::store(exponentials + i, e);
    }
    const Longs both = even + odd;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kLanes / 2; ++i) sum += both[i];
    return sum;
  }

  static std::uint32_t sum_shifted(const std::int32_t* exponentials, std::size_t count,
                                   unsigned shift) {
    Ints sums{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      sums += lanes::load(exponentials + i) >> static_cast<int>(shift);
    }
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < kLanes; ++i) sum += static_cast<std::uint32_t>(sums[i]);
    return sum;
  }

  static RowKernels all() {
    return {.normalise_rms = normalise_rms,
            .normalise_layer = normalise_layer,
            .quantise = quantise,
            .quantise_wide = quantise_wide,
            .scale_sums = scale_sums,
            .add_scaled_sums = add_scaled_sums,
            .scale_logits = scale_logits,
            .add = add,
            .swiglu = swiglu,
            .gelu = gelu,
            .rotate = rotate,
            .attention_weights = attention_weights,
            .attention_output = attention_output,
            .largest_logit = largest_logit,
            .exponentials = exponentials,
            .sum_shifted = sum_shifted};
  }

 private:
  using Longs [[gnu::vector_size(64)]] = std::uint64_t;
  static constexpr std::int32_t kBias = 128;

  // 2^(30 + below / 256) rounded down, below <= 0. The fraction's power is a polynomial within 3
  // parts in 10^6, whose value at 0 is exactly 1; the whole part is added to its exponent.
  [[gnu::always_inline]] static Ints exponential(Ints below) {
    constexpr std::int32_t kLeast = -32;  // less than 1 is 0, however much less
    Ints whole = below >> 8;
    whole = whole > kLeast ? whole : Ints{} + kLeast;
    const Floats f = lanes::to_floats(below & 255) * (1.0f / 256);
    Floats power = lanes::all(1.34266891e-2f);
    power = power * f + 5.22424633e-2f;
    power = power * f + 2.41280212e-1f;
    power = power * f + 6.93044843e-1f;
    power = power * f + 1.0f;
    const Ints bits = reinterpret_cast<Ints>(power) + ((whole + 30) << 23);
    return __builtin_convertvector(reinterpret_cast<Floats>(bits), Ints);
  }

  static float square_root(float x) { return __builtin_sqrtf(x); }

  static void store_octets(std::uint8_t* at, Ints values) {
    lanes::store(at, __builtin_convertvector(values, lanes::Octets));
  }

  // The nearest integers in [-limit, limit]; NaN is taken for -limit.
  [[gnu::always_inline]] static Ints rounded(Floats values, float limit) {
    values = lanes::larger(values, lanes::all(-limit));
    return lanes::nearest(lanes::smaller(values, lanes::all(limit)));
  }

  // Zero from `count` on, for the lanes that begin at `begin`.
  template <class Vector>
  [[gnu::always_inline]] static Vector within(Vector values, std::size_t begin, std::size_t count) {
    constexpr Ints kIndex{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return kIndex < static_cast<std::int32_t>(count - begin) ? values : Vector{};
  }

  static float largest_size(const float* x, std::size_t count) {
    Floats top{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      top = lanes::larger(lanes::absolute(lanes::load(x + i)), top);
    }
    return lanes::largest_lane(top);
  }

  [[gnu::always_inline]] static Floats joined(const std::int32_t* high, const std::int32_t* low) {
    return lanes::to_floats(lanes::load(high)) * kWidePart + lanes::to_floats(lanes::load(low));
  }

  template <class Visit>
  [[gnu::always_inline]] static void for_each_sum(const RowSums& sums, const Visit& visit) {
    for (std::size_t i = 0; i < sums.count; i += kLanes) visit(i, scaled(sums, i));
  }

  [[gnu::always_inline]] static Floats scaled(const RowSums& sums, std::size_t i) {
    const Floats v = sums.low == nullptr ? lanes::to_floats(lanes::load(sums.high + i))
                                         : joined(sums.high + i, sums.low + i);
    return v * lanes::load(sums.column_scales + i) * sums.row_scale;
  }

  // Scores in units where a softmax takes powers of 2; returns the largest.
  static float score_keys(const AttentionScores& at) {
    constexpr float kLowest = -3.0e38f;
    Floats top = lanes::all(kLowest);
    std::size_t i = 0;
    for (; i + kLanes <= at.count; i += kLanes) {
      const Floats score =
          joined(at.high + i, at.low + i) * lanes::load(at.key_scales + i) * at.scale;
      top = lanes::larger(score, top);
      lanes::store(at.scores + i, score);
    }
    float largest = lanes::largest_lane(top);
    for (; i < at.count; ++i) {
      const float sum = static_cast<float>(at.high[i]) * kWidePart + static_cast<float>(at.low[i]);
      at.scores[i] = sum * at.key_scales[i] * at.scale;
      largest = at.scores[i] > largest ? at.scores[i] : largest;
    }
    return largest;
  }
};

}  // namespace evalzip
