// Contexts of text in UTF-8 that is not mostly ASCII.
#pragma once

#include <memory>

#include "codecs/context/context_set.h"

namespace evalzip {

// Characters and words as text_contexts() has bytes and words.
std::unique_ptr<ContextSet> multilingual_contexts();

}  // namespace evalzip
