// Which tensors lie where in a file of weights, whatever their number formats.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codecs/codec.h"
#include "codecs/tensors/chunk_coder.h"

namespace evalzip {

struct TensorEntry {
  std::string name, type;              // as the file writes them
  std::vector<std::uint64_t> shape;    // outermost first; empty: a scalar; a 0: no numbers
  std::uint64_t offset = 0, size = 0;  // bytes in the file
  TensorLayout layout;  // how it is coded; of types that evalzip does not know, bytes

  std::uint64_t numbers() const;
};

struct TensorIndex {
  std::string file_format;           // "safetensors", "GGUF", "npy", "npz"
  std::vector<TensorEntry> tensors;  // in the order of their bytes, which do not overlap
};

// `file` are all bytes of a file called `name`, of which those of the tensors are not read. Throws
// ModelError that names the tensor: for a file of another kind, a shape that does not fit its size,
// offsets outside of the file, tensors that overlap.
TensorIndex read_tensor_index(Bytes file, const std::string& name);

}  // namespace evalzip
