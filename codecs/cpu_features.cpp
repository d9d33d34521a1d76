#include "codecs/cpu_features.h"

#include <cstdlib>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace evalzip {

std::string_view to_string(Isa isa) {
  switch (isa) {
    case Isa::portable:
      return "portable";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
    case Isa::amx:
      return "amx";
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

#if defined(__x86_64__) && defined(__linux__)

// Linux refuses where the processor has no tiles or the kernel does not know them. A child of
// fork() has what its parent was given, and a program started by exec() has to ask again.
bool has_amx_int8() {
  constexpr unsigned kTiles = 1u << 24, kInt8 = 1u << 25;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  if ((edx & kTiles) == 0 || (edx & kInt8) == 0) return false;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

#else

bool has_amx_int8() { return false; }

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
