// The mixer's loops of machines that have no others.
#include "codecs/context/mixer_kernels.h"

namespace evalzip {

MixerKernels mixer_kernels(Isa) { return portable_mixer_kernels(); }

}  // namespace evalzip
