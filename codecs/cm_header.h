// What a cm stream says before its bits: versions, segments, and the bytes that are not predicted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/codec.h"
#include "codecs/context/content.h"

namespace evalzip {

// Changes with every change of what any model predicts: a stream is decoded by the model that wrote
// it or not at all.
inline constexpr unsigned kCmModelVersion = 2;

struct CmHeader {
  unsigned level = 0;
  std::vector<Segment> segments;  // each at least one byte
};

// The header of a block of one segment takes no more than this.
inline constexpr std::size_t kCmShortHeader = 16;

std::vector<std::byte> write_cm_header(const CmHeader& header);

// `size` is what the header took of `encoded`. The segments tile a block of `block_size` bytes.
// Faults: corrupt_input, and unsupported_input for a model of another version.
struct ParsedCmHeader {
  CmHeader header;
  std::size_t size = 0;
};
Result<ParsedCmHeader> read_cm_header(Bytes encoded, std::size_t block_size);

}  // namespace evalzip
