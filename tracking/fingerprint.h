// What of a run's environment must match for its numbers to be compared.
#pragma once

#include <string>

#include "harness/record.h"

namespace evalzip {

// Compiler and its flags, libc and instruction set (where known: runs that count instructions):
// what instruction counts and peak memory depend on. One word without spaces, the same on every
// machine of a kind.
std::string toolchain_key(const Environment& environment);

// The first difference of the machines in words; empty if there is none. Speeds of machines that
// differ are not comparable; those of equal ones may still not be.
std::string machine_difference(const Environment& a, const Environment& b);

}  // namespace evalzip
