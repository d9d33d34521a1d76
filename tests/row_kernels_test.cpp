// What the engine does to rows: the same with every instruction set, whatever padding holds.
#include "codecs/llm/row_kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "codecs/llm/engine_kernels.h"

namespace evalzip {
namespace {

constexpr float kInfinite = std::numeric_limits<float>::infinity();

struct Weights {
  std::vector<std::uint8_t> high, low;
  std::uint32_t factor;  // the bits of it

  friend bool operator==(const Weights&, const Weights&) = default;
};

// The padding holds `padding`.
Weights attention_weights(const RowKernels& kernels, std::size_t count, float padding) {
  std::mt19937 random(static_cast<unsigned>(count));
  const std::size_t padded = (count + 15) / 16 * 16;
  std::vector<std::int32_t> high(padded, INT32_MAX), low(padded, INT32_MIN);
  std::vector<float> key_scales(padded, padding), value_scales(padded, padding), scores(padded);
  for (std::size_t i = 0; i < count; ++i) {
    high[i] = static_cast<std::int32_t>(random() % 400'000) - 200'000;
    low[i] = static_cast<std::int32_t>(random() % 400'000) - 200'000;
    key_scales[i] = 0.01f + 0.0001f * static_cast<float>(i);
    value_scales[i] = 0.02f + 0.001f * static_cast<float>(random() % 100);
  }
  Weights weights{std::vector<std::uint8_t>(padded, 99), std::vector<std::uint8_t>(padded, 99), 0};
  const float factor = kernels.attention_weights({.high = high.data(),
                                                  .low = low.data(),
                                                  .key_scales = key_scales.data(),
                                                  .value_scales = value_scales.data(),
                                                  .scale = 1e-5f,
                                                  .count = count,
                                                  .scores = scores.data()},
                                                 {weights.high.data(), weights.low.data()});
  weights.factor = std::bit_cast<std::uint32_t>(factor);
  return weights;
}

TEST(RowKernels, AttentionDoesNotSeeItsPadding) {
  for (std::size_t count = 1; count <= 33; ++count) {
    const Weights expected = attention_weights(engine_kernels().front().rows, count, 1);
    EXPECT_EQ(std::accumulate(expected.high.begin() + static_cast<std::ptrdiff_t>(count),
                              expected.high.end(), 0),
              0);
    for (const EngineKernels& kernels : engine_kernels()) {
      for (const float padding : {1.0f, kInfinite, -kInfinite, std::nanf("")}) {
        EXPECT_EQ(attention_weights(kernels.rows, count, padding), expected)
            << to_string(kernels.isa) << ", " << count << " keys, padding " << padding;
      }
    }
  }
}

TEST(RowKernels, PairsOfAnyNumberTurnByTheirAngles) {
  for (std::size_t pairs = 1; pairs <= 41; ++pairs) {
    std::vector<float> before(2 * pairs), cosines(pairs), sines(pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
      before[i] = static_cast<float>(i) - 3;
      before[pairs + i] = 2 * static_cast<float>(i) + 1;
      cosines[i] = std::cos(static_cast<float>(i));
      sines[i] = std::sin(static_cast<float>(i));
    }
    for (const EngineKernels& kernels : engine_kernels()) {
      std::vector<float> x = before;
      kernels.rows.rotate(x.data(), pairs, cosines.data(), sines.data());
      for (std::size_t i = 0; i < pairs; ++i) {
        const float a = before[i], b = before[pairs + i];
        EXPECT_EQ(x[i], a * cosines[i] - b * sines[i]) << pairs;
        EXPECT_EQ(x[pairs + i], a * sines[i] + b * cosines[i]) << pairs;
      }
    }
  }
}

TEST(RowKernels, ARowComesToLieInItsQuadsAndTouchesNoOther) {
  constexpr std::size_t kPanels = 3, kStride = 2 * kQuadBytes;
  std::vector<std::uint8_t> values(kPanels * kPanelColumns);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(5 * i + 1);
  for (const EngineKernels& kernels : engine_kernels()) {
    for (std::size_t depth = 0; depth < kQuadDepth; ++depth) {
      std::vector<std::int8_t> panels(kPanels * kStride, 77);
      kernels.rows.place_in_quads({values.data(), kPanels, panels.data(), kStride, depth});
      for (std::size_t i = 0; i < panels.size(); ++i) {
        const std::size_t column = i % kStride / kQuadDepth;
        const bool own = column < kPanelColumns && i % kQuadDepth == depth;
        const int value = own ? values[i / kStride * kPanelColumns + column] - kRowBias : 77;
        EXPECT_EQ(panels[i], value) << i;
      }
    }
  }
}

}  // namespace
}  // namespace evalzip
