// .npy: one array of NumPy in a file (numpy.lib.format, versions 1 to 3).
#pragma once

#include <string>

#include "weights/tensor_index.h"

namespace evalzip {

bool looks_like_npy(Bytes bytes);

// The array, called `array`. Throws ModelError; `file` is how messages call the file.
TensorEntry parse_npy(Bytes bytes, const std::string& array, const std::string& file);

}  // namespace evalzip
