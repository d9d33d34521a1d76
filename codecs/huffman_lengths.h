// Code lengths of the best prefix code whose words are not longer than a limit.
#pragma once

#include <array>
#include <cstdint>

#include "codecs/histogram.h"

namespace evalzip {

// Length in bits of each symbol's code word; 0 for a symbol that has none.
using CodeLengths = std::array<std::uint8_t, 256>;

// Lengths that minimise the sum of count times length, with every length <= `longest`, for the
// symbols of count > 0: package-merge (Larmore and Hirschberg, 1990). The code is complete (Kraft
// sum 1), except that a single symbol gets length 1. Needs 2^longest >= the number of symbols, and
// longest <= 16.
CodeLengths optimal_code_lengths(const ByteHistogram& counts, unsigned longest);

}  // namespace evalzip
