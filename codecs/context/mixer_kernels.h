// The two inner loops of a mixer, for each instruction set. All give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/cpu_features.h"

namespace evalzip {

// The rows of weights that one bit uses, and what is mixed. Inputs and weights are 32 bits wide
// with the number that is multiplied in the upper 16: an input's lower half is zero, a weight's is
// its fraction. So the products of 16-bit halves, which every machine has instructions for, need no
// conversion.
struct MixerRows {
  static constexpr std::size_t kMostRows = 16;

  const std::int32_t* inputs;  // `width` of them
  std::size_t width;           // a multiple of 16
  std::size_t rows;
  std::int32_t* weights[kMostRows];  // each `width`, aligned to 64 bytes
};

struct MixerKernels {
  // sums[r] = sum over i of (weights[r][i] >> 16) * (inputs[i] >> 16), modulo 2^32.
  void (*dot)(const MixerRows& rows, std::int32_t* sums);

  // weights[r][i] += ((inputs[i] >> 16) * errors[r] + 2^(kTrainShift - 1)) >> kTrainShift, modulo
  // 2^32. Errors fit 16 bits.
  void (*train)(const MixerRows& rows, const std::int32_t* errors);
};

inline constexpr int kTrainShift = 4;

// `isa` must be usable here.
MixerKernels mixer_kernels(Isa isa);

MixerKernels portable_mixer_kernels();

}  // namespace evalzip
