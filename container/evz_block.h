// One block of an .evz file: a head, and the encoding or the bytes themselves. docs/formats.md.
#pragma once

#include <cstdint>
#include <vector>

#include "codecs/codec.h"
#include "codecs/content_hash.h"
#include "container/byte_stream.h"

namespace evalzip {

enum class BlockMethod : std::uint8_t { end = 0, coded = 1, stored = 2 };

// A block in memory. Its buffers keep their room from one block to the next.
struct EvzBlock {
  std::vector<std::byte> raw;      // the user's bytes
  std::vector<std::byte> payload;  // their encoding, unless they are stored as they are
  std::uint32_t raw_bytes = 0;     // what raw has, or will have once it is decoded
  BlockMethod method = BlockMethod::coded;
  Digest hash{};  // of raw
};

// The bytes of a head.
inline constexpr std::size_t kBlockHeadBytes = 1 + 4 + 4 + 16 + 8;

// Encodes block.raw into block.payload, or marks it as stored where that is not smaller, and hashes
// it. Throws ContainerError (unsuitable) if the codec refuses the bytes.
void encode_block(Codec& codec, EvzBlock& block);

// The payload as it lies in the file: of a stored block, raw.
Bytes payload_of(const EvzBlock& block);

// The head of an encoded block.
std::vector<std::byte> write_block_head(const EvzBlock& block);

// Reads the next head and payload, of at most `block_bytes` bytes raw. False: the end mark was
// there instead. Takes no more memory than the source has bytes. Throws ContainerError (damaged),
// also for a wrong checksum.
bool read_block(const ByteSource& source, std::uint32_t block_bytes, EvzBlock& block);

// Decodes block.payload into block.raw and compares the hash. Throws ContainerError (undecodable).
void decode_block(Codec& codec, EvzBlock& block);

}  // namespace evalzip
