// The row kernels compiled for AVX512.
#include "codecs/llm/engine_kernels_x86.h"
#include "codecs/llm/row_kernels_loop.h"

namespace evalzip {
namespace {
struct Avx512;
}  // namespace

RowKernels row_kernels_avx512() { return RowKernelsLoop<Avx512>::all(); }

}  // namespace evalzip
