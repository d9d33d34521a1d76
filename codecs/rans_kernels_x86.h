// The wide rANS kernels of x86-64, each in a file compiled for its instruction set.
#pragma once

#include "codecs/rans_kernels.h"

namespace evalzip {

// Replace the kernels of one order; the processor must have the instruction set.
void choose_sse2(RansKernels& kernels);  // of both orders
void choose_avx2_order0(RansKernels& kernels);
void choose_avx2_order1(RansKernels& kernels);
void choose_avx512_order0(RansKernels& kernels);
void choose_avx512_order1(RansKernels& kernels);

}  // namespace evalzip
