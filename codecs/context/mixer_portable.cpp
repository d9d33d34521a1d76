// The mixer's loops in plain C++: what the other kernels must agree with.
#include "codecs/context/mixer_kernels.h"

namespace evalzip {
namespace {

// Unsigned where it may wrap.
void dot(const MixerRows& rows, std::int32_t* sums) {
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const std::int32_t* const weights = rows.weights[r];
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < rows.width; ++i) {
      sum += static_cast<std::uint32_t>((weights[i] >> 16) * (rows.inputs[i] >> 16));
    }
    sums[r] = static_cast<std::int32_t>(sum);
  }
}

void train(const MixerRows& rows, const std::int32_t* errors) {
  constexpr std::int32_t kHalf = 1 << (kTrainShift - 1);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    std::int32_t* const weights = rows.weights[r];
    const std::int32_t error = errors[r];
    for (std::size_t i = 0; i < rows.width; ++i) {
      const std::int32_t step = ((rows.inputs[i] >> 16) * error + kHalf) >> kTrainShift;
      weights[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(weights[i]) +
                                             static_cast<std::uint32_t>(step));
    }
  }
}

}  // namespace

MixerKernels portable_mixer_kernels() { return {dot, train}; }

}  // namespace evalzip
