#include "codecs/llm/engine_kernels.h"

#include <cstdlib>

namespace evalzip {

const EngineKernels& preferred_engine_kernels() {
  const std::span<const EngineKernels> all = engine_kernels();
  if (const char* wanted = std::getenv("EVALZIP_ISA")) {
    for (const EngineKernels& kernels : all) {
      if (to_string(kernels.isa) == wanted) return kernels;
    }
  }
  return all.back();
}

}  // namespace evalzip
