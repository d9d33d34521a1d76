// The choice of rANS kernels on x86-64.
#include "codecs/rans_kernels.h"

namespace evalzip {

RansKernels avx2_rans_kernels();
RansKernels avx512_rans_kernels();

RansKernels rans_kernels(Isa isa) {
  switch (isa) {
    case Isa::avx512:
    case Isa::avx2:
    case Isa::portable:
    case Isa::neon:
      break;
  }
  return portable_rans_kernels();
}

}  // namespace evalzip
