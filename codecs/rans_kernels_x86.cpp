// The choice of rANS kernels on x86-64.
#include "codecs/rans_kernels.h"

namespace evalzip {

RansKernels avx2_rans_kernels();
RansKernels avx512_rans_kernels();

RansKernels rans_kernels(Isa isa) {
  if (isa == Isa::avx512) return avx512_rans_kernels();
  return portable_rans_kernels();
}

}  // namespace evalzip
