// The engine's kernels of aarch64.
#pragma once

#include "codecs/llm/engine_kernels.h"

namespace evalzip {

void int8_product_neon(const Int8Product& product);

}  // namespace evalzip
