// The engine's kernels of x86-64, each in a file with its own flags.
#pragma once

#include "codecs/llm/engine_kernels.h"

namespace evalzip {

void int8_product_avx2(const Int8Product& product);
void int8_product_avx512(const Int8Product& product);
void logit_product_avx512(const LogitProduct& product);
void int8_product_amx(const Int8Product& product);

RowKernels row_kernels_avx2();
RowKernels row_kernels_avx512();

}  // namespace evalzip
