// The choice of the engine's kernels on aarch64, where every processor has NEON and compilers use
// it for the portable row kernels too.
#include "codecs/llm/engine_kernels_aarch64.h"

#include <array>

namespace evalzip {

std::span<const EngineKernels> engine_kernels() {
  static const std::array kKernels{
      EngineKernels{Isa::portable, int8_product_portable, row_kernels_portable()},
      EngineKernels{Isa::neon, int8_product_neon, row_kernels_portable()}};
  return kKernels;
}

}  // namespace evalzip
