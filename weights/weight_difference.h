// Weights of a fine-tuned model as differences from those it was made from: small integers, where
// training changed little.
#pragma once

#include "codecs/codec.h"
#include "codecs/tensors/number_format.h"

namespace evalzip {

// Whether differences of such numbers are taken: one number to a block, 1, 2, 4 or 8 bytes.
bool has_differences(const NumberFormat& numbers);

// The integer format of the differences.
std::size_t difference_format(const NumberFormat& numbers);

// Numbers become integers in the order of the numbers (floats: a negative one counts down), whose
// differences, modulo 2^bits and with the sign in the lowest bit, are little where numbers are
// near. All three have one size, a multiple of the block.
void take_differences(const NumberFormat& numbers, Bytes values, Bytes base, MutableBytes out);

// The inverse.
void add_differences(const NumberFormat& numbers, Bytes differences, Bytes base, MutableBytes out);

}  // namespace evalzip
