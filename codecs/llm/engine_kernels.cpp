#include "codecs/llm/engine_kernels.h"

#include <algorithm>
#include <cstdlib>

namespace evalzip {

const EngineKernels& preferred_engine_kernels() {
  const std::span<const EngineKernels> all = engine_kernels();
  if (const char* wanted = std::getenv("EVALZIP_ISA")) {
    for (const EngineKernels& kernels : all) {
      if (to_string(kernels.isa) == wanted) return kernels;
    }
  }
  const auto is_proven = [](const EngineKernels& kernels) { return kernels.isa != Isa::amx; };
  return *std::ranges::find_if(all.rbegin(), all.rend(), is_proven);
}

}  // namespace evalzip
