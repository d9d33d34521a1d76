// Numbers as differences from others that they are near to: small integers. Weights of a fine-tuned
// model from those it was made from, rows of a matrix from one of them.
#pragma once

#include "codecs/codec.h"
#include "codecs/tensors/number_format.h"

namespace evalzip {

// Whether differences of such numbers are taken: one number to a block, 1, 2, 4 or 8 bytes.
bool has_differences(const NumberFormat& numbers);

// The integer format of the differences.
std::size_t difference_format(const NumberFormat& numbers);

// Into how many bits a difference fits, summed over less than 2^26 numbers.
std::uint64_t difference_bits(const NumberFormat& numbers, Bytes values, Bytes base);

// Numbers become integers in the order of the numbers (floats: a negative one counts down; those of
// one byte are taken for integers), whose differences, modulo 2^bits and with the sign in the
// lowest bit, are little where numbers are near. All have one size, a multiple of the block.
void take_differences(const NumberFormat& numbers, Bytes values, Bytes base, MutableBytes out);

// The inverse.
void add_differences(const NumberFormat& numbers, Bytes differences, Bytes base, MutableBytes out);

}  // namespace evalzip
