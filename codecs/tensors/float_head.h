// The two highest bytes of floating-point numbers, cut where randomness begins.
//
// Trained weights are spread like a bell: the exponent says how large one is and carries two to
// three bits of information, sign and mantissa are all but random (Hershcovitch et al. 2024, ZipNN;
// Zhang et al. 2025, DFloat11, who code the exponent and copy the rest). The mantissa's first bits
// are not quite random: within a binade the density of a bell falls. So a symbol here is the
// exponent with the first bits of the mantissa, which an entropy coder makes 0.05 to 0.07 bits
// shorter than the exponent alone and those bits copied.
//
// Rows, or columns, of a matrix may have scales of their own. Then each has its exponents raised to
// those of the largest, so that one code suits all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace evalzip {

// How heads become symbols.
struct HeadCut {
  unsigned exponent_bits = 8;
  unsigned joined_bits = 0;  // of the mantissa, in the symbol
  // Symbol 0 stands for exponent and joined bits of 0, another symbol s for `first` + s - 1.
  std::uint32_t first = 1;

  unsigned rest_bits() const { return 16 - exponent_bits - joined_bits; }  // sign and mantissa
  unsigned key_shift() const { return 15 - exponent_bits - joined_bits; }
  unsigned key_mask() const { return (1u << (exponent_bits + joined_bits)) - 1; }
};

// The most joined bits with which a symbol may fit into a byte, and a rest into eight bits.
constexpr unsigned most_joined_bits(unsigned exponent_bits) {
  if (exponent_bits <= 5) return 3;
  return exponent_bits <= 8 ? 2 : 1;
}

// What is added to the exponents of a matrix, row after row, before they become symbols. Keys of 0
// stay 0.
struct Lifts {
  enum class Of : std::uint8_t { nothing = 0, rows = 1, columns = 2 };

  Of of = Of::nothing;
  std::size_t columns = 0;                       // of the matrix
  std::span<const std::uint8_t> exponents = {};  // one for each row, or for each column
};

// The least and the greatest lifted key that is not 0; {0, 0} if all are.
struct KeyRange {
  std::uint32_t least = 0, greatest = 0;
};

}  // namespace evalzip
