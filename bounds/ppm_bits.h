// The code length of prediction by partial matching.
#pragma once

#include "codecs/codec.h"
#include "codecs/ppm_model.h"

namespace evalzip {

// Bits that PpmModel spends on the document; the codec `ppm` of the same order, with memory enough,
// writes as many, and a few for its coder. One thread, some MB/s on text; 16 bytes of memory for
// each context, of which there are at most order + 1 a byte, up to 1 GiB: then it starts anew.
double ppm_bits(Bytes document, unsigned order);

}  // namespace evalzip
