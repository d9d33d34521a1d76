// GGUF, versions 2 and 3: the file format of llama.cpp's models (ggml's docs/gguf.md).
#pragma once

#include <string>

#include "codecs/codec.h"
#include "codecs/llm/model_file.h"

namespace evalzip {

// Whether the bytes begin as GGUF does, of whatever version.
bool looks_like_gguf(Bytes bytes);

// The result is a view of `bytes`. Every length, count, offset, alignment and depth is checked
// against the bytes before it is used, and no allocation exceeds a small multiple of their number;
// tensors may neither overlap nor leave the file. Throws ModelError; `file` is how messages call
// it.
ModelFile parse_gguf(Bytes bytes, const std::string& file);

}  // namespace evalzip
