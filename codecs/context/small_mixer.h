// A mixer of eight predictions, small enough to stay in a processor's registers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/context/squash.h"

namespace evalzip {

// One layer and one set of weights, otherwise as Mixer. The upper halves of the weights are kept
// apart, because compilers have instructions for sums of products of 16 bits.
class SmallMixer {
 public:
  static constexpr std::size_t kInputs = 8;

  SmallMixer(std::size_t rows, std::int32_t initial_weight16) : rows_(rows) {
    for (Row& row : rows_) {
      row.weights.fill(initial_weight16 << 12);
      row.upper.fill(static_cast<std::int16_t>(initial_weight16 >> 4));
    }
  }

  static std::size_t bytes(std::size_t rows) { return rows * sizeof(Row); }

  void set_input(std::size_t input, int log_odds) {
    inputs_[input] = static_cast<std::int16_t>(log_odds);
  }

  // The log odds of the mixture.
  int mix(std::size_t row) {
    row_ = &rows_[row];
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < kInputs; ++i) sum += row_->upper[i] * inputs_[i];
    mixture_ = std::clamp(sum >> 12, -kMostStretch, kMostStretch);
    return mixture_;
  }

  void update(bool bit) {
    const int error = (bit ? 1 << 15 : 0) - static_cast<int>(squash(mixture_) >> 1);
    const auto step = static_cast<std::int16_t>(std::clamp(error * kPace >> 8, -32768, 32767));
    for (std::size_t i = 0; i < kInputs; ++i) {
      const std::int32_t change = (inputs_[i] * step + 8) >> 4;
      row_->weights[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(row_->weights[i]) +
                                                   static_cast<std::uint32_t>(change));
      row_->upper[i] = static_cast<std::int16_t>(row_->weights[i] >> 16);
    }
  }

 private:
  static constexpr int kPace = 300;  // in units of 2^-8

  // Weights in units of 2^-28.
  struct alignas(16) Row {
    std::array<std::int32_t, kInputs> weights;
    std::array<std::int16_t, kInputs> upper;
  };

  std::vector<Row> rows_;
  Row* row_ = nullptr;
  alignas(16) std::array<std::int16_t, kInputs> inputs_{};
  int mixture_ = 0;
};

}  // namespace evalzip
