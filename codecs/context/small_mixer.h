// A mixer of eight predictions, small enough to stay in a processor's registers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/context/eight_shorts.h"
#include "codecs/context/squash.h"

namespace evalzip {

// One layer and one set of weights, otherwise as Mixer. Weights and inputs have 16 bits, because
// eight of them are one register on any machine. Weights stop at the ends of their range.
class SmallMixer {
 public:
  // A weight of 1 is 2^14.
  SmallMixer(std::size_t rows, std::int16_t initial_weight)
      : rows_(rows, Row{EightShorts{} + initial_weight}) {}

  static std::size_t bytes(std::size_t rows) { return rows * sizeof(Row); }

  // The log odds of the mixture.
  int mix(std::size_t row, EightShorts inputs) const {
    return std::clamp(dot(rows_[row].weights, inputs) >> kWeightBits, -kMostStretch, kMostStretch);
  }

  void update(std::size_t row, EightShorts inputs, int mixture, bool bit) {
    const int error = (bit ? 1 << 16 : 0) - static_cast<int>(squash(mixture));
    EightShorts& weights = rows_[row].weights;
    weights = add_product(weights, inputs, static_cast<std::int16_t>(error * kPace >> 8));
  }

 private:
  static constexpr int kPace = 40, kWeightBits = 14;

  struct Row {
    EightShorts weights;
  };

  std::vector<Row> rows_;
};

}  // namespace evalzip
