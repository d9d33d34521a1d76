// The kernels of the language-model engine for one instruction set. All sets give the same bits.
#pragma once

#include <span>

#include "codecs/cpu_features.h"
#include "codecs/llm/int8_product.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

struct EngineKernels {
  Isa isa;  // avx512 stands for AVX-512 with VNNI
  Int8ProductKernel product;
  RowKernels rows;
};

// What this machine can run, the plainest first.
std::span<const EngineKernels> engine_kernels();

// The last of engine_kernels() but amx, unless the environment variable EVALZIP_ISA names one of
// them: AMX has been tested with an emulator and has not been timed yet.
const EngineKernels& preferred_engine_kernels();

}  // namespace evalzip
