// What instruction sets a kernel may use on this machine.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace evalzip {

enum class Isa {
  portable,  // what every machine of the target has
  avx2,      // x86-64 with AVX2, BMI2
  avx512,    // x86-64 with AVX-512 F, BW, DQ, VL, VBMI, VBMI2, BMI2
  amx,       // avx512 with AMX's tiles of int8; only the language-model engine has kernels for it
  neon,      // aarch64
};

std::string_view to_string(Isa isa);

// The instruction sets this processor and operating system run, the plainest first.
std::vector<Isa> usable_isas();

// The last of usable_isas(), unless the environment variable EVALZIP_ISA names one of them: tests
// and comparisons force a path with it. A name that is not usable here is ignored.
Isa preferred_isa();

bool has_avx2();
bool has_avx512();
bool has_bmi2();
bool has_avx512_vnni();
bool has_gfni();  // bit-matrix products on vectors

// Products of int8 tiles. Linux keeps tiles for a process only once it has asked, which this does;
// elsewhere they are not used.
bool has_amx_int8();

}  // namespace evalzip
