// The row kernels compiled for AVX2.
#include "codecs/llm/engine_kernels_x86.h"
#include "codecs/llm/row_kernels_loop.h"

namespace evalzip {
namespace {
struct Avx2 : lanes::Operations {};
}  // namespace

RowKernels row_kernels_avx2() { return RowKernelsLoop<Avx2>::all(); }

}  // namespace evalzip
