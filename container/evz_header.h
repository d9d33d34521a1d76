// The head of an .evz file: which codec and which model its blocks want. docs/formats.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "container/byte_stream.h"

namespace evalzip {

inline constexpr std::uint16_t kEvzVersion = 1;

// A reader may have to hold some blocks at once, and a header is not to be believed: 1 GiB.
inline constexpr std::uint32_t kMostBlockBytes = 1U << 30;

struct EvzHeader {
  std::uint32_t block_bytes = 0;  // of every block but the last; 1 to kMostBlockBytes
  std::string codec;              // the canonical spec
  std::string codec_version;      // of the codec that encoded
  std::string model_sha256;       // 64 lower-case digits; empty: no model
};

std::vector<std::byte> write_evz_header(const EvzHeader& header);

struct SizedHeader {
  EvzHeader header;
  std::uint64_t bytes;  // in the file
};

// Throws ContainerError.
SizedHeader read_evz_header(const ByteSource& source);

}  // namespace evalzip
