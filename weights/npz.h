// .npz: several arrays of NumPy, each an .npy in a ZIP archive (APPNOTE of PKWARE; numpy.savez).
#pragma once

#include <string>
#include <vector>

#include "weights/tensor_index.h"

namespace evalzip {

bool looks_like_npz(Bytes bytes);

// The arrays of the archive, named without ".npy", in the order of their bytes. They must be
// stored, as numpy.savez does it, not compressed: then they lie in the file as they are. Throws
// ModelError that names the array; `file` is how messages call the file.
std::vector<TensorEntry> parse_npz(Bytes bytes, const std::string& file);

}  // namespace evalzip
