#include "codecs/rans_kernels.h"
