// Contexts of data that are no text: sparse ones, and columns where there are records.
#pragma once

#include <memory>

#include "codecs/context/context_set.h"

namespace evalzip {

// `width` is the length of a record in bytes, or 0 if there are none.
std::unique_ptr<ContextSet> binary_contexts(std::uint32_t width);

}  // namespace evalzip
