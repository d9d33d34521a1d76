// The choice of rANS kernels where there are only the portable ones.
#include "codecs/rans_kernels.h"

namespace evalzip {

RansKernels rans_kernels(Isa) { return portable_rans_kernels(); }

}  // namespace evalzip
