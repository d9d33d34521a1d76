// The engine's kernels where none is written for the machine.
#include <array>

#include "codecs/llm/engine_kernels.h"

namespace evalzip {

std::span<const EngineKernels> engine_kernels() {
  static const std::array kKernels{
      EngineKernels{Isa::portable, int8_product_portable, row_kernels_portable()}};
  return kKernels;
}

}  // namespace evalzip
