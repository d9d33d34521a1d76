// Counts of symbols, scaled to integer frequencies that sum to a power of two.
#pragma once

#include <array>
#include <cstdint>

#include "codecs/histogram.h"

namespace evalzip {

// frequencies[s] > 0 exactly for the symbols that occur; they sum to 2^bits.
using Frequencies = std::array<std::uint16_t, 256>;
using Counts = ByteHistogram;

// The frequencies of least code length, sum of -count * log2(frequency / 2^bits), under the
// constraints above. `counts` has at least one and at most 2^bits nonzero entries. Deterministic on
// every machine: only exactly rounded operations are used.
Frequencies normalise(const Counts& counts, int bits);

// sum of -count * log2(frequency / 2^bits): code length in bits of the counted symbols.
double code_length_bits(const Counts& counts, const Frequencies& frequencies, int bits);

}  // namespace evalzip
