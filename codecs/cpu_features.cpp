#include "codecs/cpu_features.h"

#include <cstdlib>

namespace evalzip {

std::string_view to_string(Isa isa) {
  switch (isa) {
    case Isa::portable:
      return "portable";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
    case Isa::neon:
      return "neon";
  }
  return "unknown";
}

#if defined(__x86_64__)

bool has_bmi2() { return __builtin_cpu_supports("bmi2"); }

bool has_avx2() { return has_bmi2() && __builtin_cpu_supports("avx2"); }

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
}

bool has_avx512_vnni() { return __builtin_cpu_supports("avx512vnni") != 0; }

bool has_gfni() { return __builtin_cpu_supports("gfni") != 0; }

#else

bool has_bmi2() { return false; }
bool has_avx2() { return false; }
bool has_avx512() { return false; }
bool has_avx512_vnni() { return false; }
bool has_gfni() { return false; }

#endif

std::vector<Isa> usable_isas() {
  std::vector<Isa> isas{Isa::portable};
#if defined(__aarch64__)
  isas.push_back(Isa::neon);
#endif
  if (has_avx2()) isas.push_back(Isa::avx2);
  if (has_avx512()) isas.push_back(Isa::avx512);
  return isas;
}

Isa preferred_isa() {
  const std::vector<Isa> isas = usable_isas();
  if (const char* wanted = std::getenv("EVALZIP_ISA")) {
    for (Isa isa : isas) {
      if (to_string(isa) == wanted) return isa;
    }
  }
  return isas.back();
}

}  // namespace evalzip
