// Contexts of text: letters, words, lines, and what encloses them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "codecs/context/context_set.h"

namespace evalzip {

// For prose, markup, source, logs, tables with delimiters; UTF-8 of any script.
std::unique_ptr<ContextSet> text_contexts();

}  // namespace evalzip
