// The choice of rANS kernels on x86-64.
#include "codecs/rans_kernels_x86.h"

namespace evalzip {

RansKernels rans_kernels(Isa isa) {
  RansKernels kernels = portable_rans_kernels();
  if (isa == Isa::portable) choose_sse2(kernels);
  if (isa == Isa::avx2) {
    choose_avx2_order0(kernels);
    choose_avx2_order1(kernels);
  }
  if (isa == Isa::avx512) {
    choose_avx512_order0(kernels);
    choose_avx512_order1(kernels);
  }
  return kernels;
}

}  // namespace evalzip
