// Which instruction sets this machine runs, asked once per process and never assumed.
#pragma once

namespace evalzip {

bool has_bmi2();
bool has_avx2();

// F, BW, DQ, VL, VBMI and VBMI2, with BMI2: Intel since Ice Lake, AMD since Zen 4.
bool has_avx512();

// Bit-matrix products on vectors.
bool has_gfni();

}  // namespace evalzip
