#include "codecs/cpu_features.h"

namespace evalzip {

#if defined(__x86_64__)

bool has_bmi2() { return __builtin_cpu_supports("bmi2") != 0; }

bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }

bool has_avx512() {
  return has_bmi2() && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0 &&
         __builtin_cpu_supports("avx512vbmi2") != 0;
}

bool has_gfni() { return __builtin_cpu_supports("gfni") != 0; }

#else

bool has_bmi2() { return false; }
bool has_avx2() { return false; }
bool has_avx512() { return false; }
bool has_gfni() { return false; }

#endif

}  // namespace evalzip
