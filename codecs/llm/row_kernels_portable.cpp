#include "codecs/llm/row_kernels_loop.h"

namespace evalzip {
namespace {
struct Portable : lanes::Operations, lanes::Registers {};
}  // namespace

RowKernels row_kernels_portable() { return RowKernelsLoop<Portable>::all(); }

}  // namespace evalzip
