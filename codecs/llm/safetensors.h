// safetensors: the file format of Hugging Face's models (github.com/huggingface/safetensors).
#pragma once

#include <string>

#include "codecs/codec.h"
#include "codecs/llm/model_file.h"

namespace evalzip {

// Whether the bytes begin as safetensors does: a header length, then a JSON object.
bool looks_like_safetensors(Bytes bytes);

// The result is a view of `bytes`; its metadata are the texts of "__metadata__". Offsets are
// checked against the bytes; overlaps, holes and duplicate names are refused, as the format has it.
// Throws ModelError; `file` is how messages call it.
ModelFile parse_safetensors(Bytes bytes, const std::string& file);

}  // namespace evalzip
