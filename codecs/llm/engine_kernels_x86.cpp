// The choice of the engine's kernels on x86-64.
#include "codecs/llm/engine_kernels_x86.h"

#include <cstdlib>
#include <vector>

namespace evalzip {

namespace {

bool is_named(Isa isa) {
  const char* const wanted = std::getenv("EVALZIP_ISA");
  return wanted != nullptr && to_string(isa) == wanted;
}

}  // namespace

std::span<const EngineKernels> engine_kernels() {
  static const std::vector<EngineKernels> kKernels = [] {
    std::vector<EngineKernels> all{{Isa::portable, int8_product_portable, row_kernels_portable()}};
    if (has_avx2()) all.push_back({Isa::avx2, int8_product_avx2, row_kernels_avx2()});
    if (has_avx512() && has_avx512_vnni()) {
      all.push_back({Isa::avx512, int8_product_avx512, row_kernels_avx512(), logit_product_avx512});
      if (is_named(Isa::amx) && has_amx_int8())
        all.push_back({Isa::amx, int8_product_amx, row_kernels_avx512()});
    }
    return all;
  }();
  return kKernels;
}

}  // namespace evalzip
