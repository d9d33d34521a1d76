// Contexts of data that are no text: sparse ones, and columns where there are records.
#pragma once

#include <memory>

#include "codecs/context/context_set.h"

namespace evalzip {

std::unique_ptr<ContextSet> binary_contexts();

}  // namespace evalzip
