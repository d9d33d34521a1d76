// Whether bytes look as if drawn at random: what data already compressed or encrypted look like.
#pragma once

#include <optional>

#include "codecs/codec.h"

namespace evalzip {

struct Randomness {
  // Pearson's sum over the 256 byte values of (count - expected)^2 / expected, for equally likely
  // bytes: about 255 +- 23 if they are.
  double chi_square = 0;
  // How often random bytes have a greater chi-square, from 0 to 1, by the approximation of Wilson
  // and Hilferty (1931).
  double chi_square_exceeded = 0;
  double mean_byte = 0;
  // Correlation of neighbouring bytes, the first following the last (Knuth, The Art of Computer
  // Programming, vol. 2, 3.3.2 K). Absent for a constant document.
  std::optional<double> serial_correlation;
};

// Nothing of an empty document. One thread, memory speed.
std::optional<Randomness> randomness(Bytes document);

}  // namespace evalzip
