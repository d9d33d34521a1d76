// safetensors: the file format of Hugging Face's models (github.com/huggingface/safetensors).
#pragma once

#include <string>

#include "codecs/codec.h"
#include "codecs/llm/model_file.h"
#include "codecs/llm/safetensors_header.h"

namespace evalzip {

// The result is a view of `bytes`; its metadata are the texts of "__metadata__". Offsets are
// checked against the bytes; overlaps, holes and duplicate names are refused, as the format has it.
// Throws ModelError; `file` is how messages call it.
ModelFile parse_safetensors(Bytes bytes, const std::string& file);

}  // namespace evalzip
