// What a safetensors file says of its tensors, whatever their types.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

struct SafetensorsEntry {
  std::string name, type;            // as the file writes it: "BF16"
  std::vector<std::uint64_t> shape;  // empty: a scalar
  std::uint64_t begin, end;          // in the area; begin <= end
};

struct SafetensorsHeader {
  std::uint64_t area_offset;                 // where the tensors' bytes begin in the file
  std::vector<SafetensorsEntry> tensors;     // in the order of their bytes
  std::map<std::string, std::string> texts;  // of "__metadata__"
};

// Whether the bytes begin as safetensors does: a header length, then a JSON object.
bool looks_like_safetensors(Bytes bytes);

// Reads no byte behind the header. Offsets are checked against the size of the file; overlaps,
// holes and duplicate names are refused, as the format has it. Whether shapes and types agree with
// the sizes is not looked at. Throws ModelError; `file` is how messages call it.
SafetensorsHeader parse_safetensors_header(Bytes bytes, const std::string& file);

}  // namespace evalzip
