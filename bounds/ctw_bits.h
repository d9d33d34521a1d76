// The code length of context-tree weighting.
#pragma once

#include "codecs/codec.h"
#include "codecs/ctw_model.h"

namespace evalzip {

// Bits that CtwModel spends on the document; the codec `ctw` with the same settings writes as many,
// and a few for its coder. One thread, about 1 MB/s at depth 6; uses the settings' memory.
double ctw_bits(Bytes document, const CtwSettings& settings);

}  // namespace evalzip
