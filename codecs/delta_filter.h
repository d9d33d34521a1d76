// Linear prediction of samples: the filter that turns a smooth signal into small numbers.
#pragma once

#include <cstddef>

#include "codecs/codec.h"

namespace evalzip {

// Samples are unsigned little-endian numbers of `width` bytes, and arithmetic wraps around. A
// sample is predicted from those of its own channel: order 1 by the one before, order 2 by the
// straight line through the two before, order 3 by the parabola through three: the polynomial
// predictors of Robinson (1994). Bytes after the last whole sample are left alone.
struct DeltaFilter {
  unsigned width = 1;      // bytes of a sample: 1, 2 or 4
  unsigned order = 1;      // 1 to 3
  std::size_t stride = 1;  // samples from one of a channel to its next: the number of channels
};

// `residuals` has the size of `input` and does not overlap it.
void apply_delta(const DeltaFilter& filter, Bytes input, MutableBytes residuals);

// The inverse, in place.
void undo_delta(const DeltaFilter& filter, MutableBytes bytes);

}  // namespace evalzip
