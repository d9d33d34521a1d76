// Mixes predictions by weights that follow how well each predicts: two layers, in integers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/context/mixer_kernels.h"
#include "codecs/context/squash.h"
#include "codecs/context/zeroed_memory.h"

namespace evalzip {

// Logistic mixing (Mahoney, paq7): predictions are log odds, their weighted sum is the log odds of
// the mixture, and each weight moves along the gradient of the code length: input times error.
// Several sets of weights mix the same inputs, each set having one row for each value of a context
// of its own (Mattern 2012 gives the theory); their outputs are mixed once more.
class Mixer {
 public:
  static constexpr std::size_t kMostInputs = 128;
  static constexpr std::size_t kMostSets = MixerRows::kMostRows;

  struct Shape {
    std::size_t inputs;                     // at most kMostInputs
    std::span<const std::size_t> set_rows;  // of each set of the first layer
    std::size_t final_rows;                 // of the second layer's only set
  };

  Mixer(const Shape& shape, Isa isa);
  static std::size_t bytes(const Shape& shape);

  // Log odds of one prediction; they stay until they are set again.
  void set_input(std::size_t input, int log_odds) {
    inputs_[input] = static_cast<std::int32_t>(static_cast<std::uint32_t>(log_odds) << 16);
  }
  // The weights that an input starts with in every row, in units of 2^-16.
  void set_initial_weight(std::size_t input, std::int32_t weight);

  void select(std::size_t set, std::size_t row) {
    rows_.weights[set] = weights() + (offsets_[set] + row) * rows_.width;
  }

  // The log odds of the mixture.
  int mix(std::size_t final_row);

  // After mix().
  void update(bool bit);

 private:
  static constexpr std::size_t kAlignment = 16;  // of a row, in inputs

  static std::size_t padded(std::size_t inputs) {
    return (inputs + kAlignment - 1) / kAlignment * kAlignment;
  }
  static std::size_t first_rows(const Shape& shape);
  std::int32_t* weights() const { return reinterpret_cast<std::int32_t*>(memory_.begin()); }

  MixerKernels kernels_;
  ZeroedMemory memory_;
  alignas(64) std::array<std::int32_t, kMostInputs> inputs_{};
  alignas(64) std::array<std::int32_t, kAlignment> outputs_{};
  std::array<std::size_t, kMostSets + 1> offsets_{};
  MixerRows rows_{}, final_{};
  std::size_t final_offset_ = 0;  // in weights
  int mixture_ = 0;
  int pace_ = 0;       // of learning: high at first, then falling
  unsigned bits_ = 0;  // since the pace last fell
};

}  // namespace evalzip
