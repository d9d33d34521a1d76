// The kernels of the language-model engine for one instruction set. All sets give the same bits.
#pragma once

#include <span>

#include "codecs/cpu_features.h"
#include "codecs/llm/int8_product.h"
#include "codecs/llm/logit_product.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

struct EngineKernels {
  Isa isa;  // avx512 stands for AVX-512 with VNNI
  Int8ProductKernel product;
  RowKernels rows;
  LogitProductKernel logits = nullptr;  // where it is faster than what it is made of
};

// What this machine can run, the plainest first; amx only if EVALZIP_ISA names it, since the system
// has to be asked for its registers, which binds the whole process.
std::span<const EngineKernels> engine_kernels();

// The last of engine_kernels(), unless the environment variable EVALZIP_ISA names one of them.
const EngineKernels& preferred_engine_kernels();

}  // namespace evalzip
