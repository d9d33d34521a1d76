// Contexts of text that has a structure: JSON, XML, HTML, tables with delimiters, logs.
#pragma once

#include <memory>

#include "codecs/context/context_set.h"

namespace evalzip {

// Those of text, and what encloses a byte, which field it lies in, and what this field was the last
// time.
std::unique_ptr<ContextSet> markup_contexts();

}  // namespace evalzip
