// Contexts of samples: the numbers around the next one, and what they predict it to be.
#pragma once

#include <memory>

#include "codecs/context/context_set.h"

namespace evalzip {

// For pictures with and without rows of one length, sound, tables of numbers of one size. Samples
// of several bytes come with the highest first.
std::unique_ptr<ContextSet> image_contexts();

}  // namespace evalzip
