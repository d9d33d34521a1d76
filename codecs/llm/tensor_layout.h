// Where tensors lie in a file: the checks that every format of model files shares.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "codecs/llm/model_file.h"

namespace evalzip {

// The tensor with its bytes, which begin at `offset` of `area` and are as many as its shape and
// type say. Throws ModelError, calling the file `file`, when a dimension is 0, a row is not whole
// blocks, the size exceeds 64 bits, or the bytes leave the area.
TensorView place_tensor(TensorView tensor, Bytes area, std::uint64_t offset,
                        const std::string& file);

// Throws ModelError when two tensors share a byte.
void refuse_overlaps(std::span<const TensorView> tensors, const std::string& file);

}  // namespace evalzip
