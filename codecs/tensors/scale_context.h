// Which rows or columns of a matrix of numbers have scales of their own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/tensors/float_head.h"

namespace evalzip {

// Owns what Lifts refers to.
struct ScaleContext {
  Lifts::Of of = Lifts::Of::nothing;
  std::size_t columns = 0;
  std::vector<std::uint8_t> exponents;
  // Of the lifted exponents that are not 0.
  unsigned least_exponent = 0, greatest_exponent = 0;

  Lifts lifts() const { return {.of = of, .columns = columns, .exponents = exponents}; }
};

// The context in which the exponents of these whole rows are coded shortest, its own bytes counted:
// each row, or column, is raised so far that its mean exponent is that of the largest, or none is.
// `columns` 0: there are no rows. A sample of the numbers decides.
ScaleContext best_scale_context(unsigned exponent_bits, std::span<const std::uint16_t> heads,
                                std::size_t columns);

}  // namespace evalzip
