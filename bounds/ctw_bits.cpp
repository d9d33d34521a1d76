#include "bounds/ctw_bits.h"

#include <cmath>
#include <cstdint>

namespace evalzip {

double ctw_bits(Bytes document, const CtwSettings& settings) {
  CtwModel model(fitted(settings, document.size()));
  double bits = 0;
  for (const std::byte byte : document) {
    // The probability of a byte is a product of eight, at least 2^-128: one logarithm does.
    double probability = 1;
    for (int shift = 7; shift >= 0; --shift) {
      const bool bit = (std::to_integer<unsigned>(byte) >> shift & 1) != 0;
      const double one = std::ldexp(model.probability_of_one(), -int{CtwModel::kProbabilityBits});
      probability *= bit ? one : 1 - one;
      model.update(bit);
    }
    bits -= std::log2(probability);
  }
  return bits;
}

}  // namespace evalzip
