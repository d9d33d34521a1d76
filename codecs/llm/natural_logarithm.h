// Logarithms of integers in integers, the same on every machine.
#pragma once

#include <cstdint>

namespace evalzip {

// The natural logarithm of x >= 1 in units of 2^-20.
std::int64_t natural_logarithm(std::uint64_t x);

}  // namespace evalzip
