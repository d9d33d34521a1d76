// A file of weights, or an .evt file, at a path.
#pragma once

#include <string>

#include "cli/input_file.h"
#include "weights/evt_pack.h"
#include "weights/random_access.h"

namespace evalzip {

// Reads from the file, which must outlive it. Throws std::runtime_error for what is no regular
// file.
RandomAccess random_access(const InputFile& file);

// The tensors of a file of weights; the file must outlive it. Throws ModelError, std::system_error.
WeightsFile open_weights(const InputFile& file);

}  // namespace evalzip
