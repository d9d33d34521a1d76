// The end of an .evz file: the sizes of all blocks, and the hash of all bytes. docs/formats.md.
#pragma once

#include <cstdint>
#include <vector>

#include "codecs/content_hash.h"
#include "container/byte_stream.h"

namespace evalzip {

struct EvzTail {
  std::vector<std::uint32_t> payload_bytes;  // of each block
  std::uint64_t raw_bytes = 0;               // of all
  Digest hash{};                             // of all raw bytes

  bool operator==(const EvzTail&) const = default;
};

// The fields after the table of blocks.
inline constexpr std::size_t kTailEndBytes = 8 + 16 + 8 + 8;

// With the end mark that comes before it.
std::vector<std::byte> write_evz_tail(const EvzTail& tail);

// Reads what follows the end mark of a file of `blocks` blocks, up to the end of the source. Throws
// ContainerError (damaged).
EvzTail read_evz_tail(const ByteSource& source, std::size_t blocks);

}  // namespace evalzip
