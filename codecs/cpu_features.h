// Which instruction sets this machine runs, asked once per process and never assumed.
#pragma once

namespace evalzip {

bool has_bmi2();
bool has_avx2();

// AVX-512 with byte permutations, 16-bit expand and compress, and bit-matrix products (F, BW, VL,
// VBMI, VBMI2, GFNI): Intel since Ice Lake, AMD since Zen 4.
bool has_avx512_vbmi2();

}  // namespace evalzip
