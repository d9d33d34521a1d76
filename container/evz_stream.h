// Bytes to .evz and back, block by block with several threads. The file is the same for any number
// of them.
#pragma once

#include <cstdint>
#include <functional>

#include "codecs/codec.h"
#include "codecs/content_hash.h"
#include "container/byte_stream.h"
#include "container/evz_header.h"
#include "container/evz_tail.h"

namespace evalzip {

struct EvzTotals {
  std::uint64_t raw_bytes = 0, file_bytes = 0, blocks = 0;
  Digest hash{};  // of all raw bytes
};

// Called in the caller's thread after each block, with the totals so far; the hash only at the end.
using EvzObserver = std::function<void(const EvzTotals&)>;

struct EvzWork {
  CodecMaker make;       // of header.codec
  unsigned threads = 1;  // at least 1
  EvzObserver observe = [](const EvzTotals&) {};
};

// Writes the whole of `raw` as a container. Throws ContainerError (unsuitable), and what the codec,
// the source and the sink throw.
EvzTotals compress(const EvzHeader& header, const EvzWork& work, const ByteSource& raw,
                   const ByteSink& file);

// Decodes what follows the header of `file`, to its end. Only bytes whose checksum is right go to
// `raw`, but they go as they come: what was written is whole only if this returns. Throws
// ContainerError (damaged), and what the codec, the source and the sink throw.
EvzTotals decompress(const SizedHeader& header, const EvzWork& work, const ByteSource& file,
                     const ByteSink& raw);

// The totals of a file whose blocks are not looked at. `read_at` reads from an offset of the file,
// which has `file_bytes` bytes. Throws ContainerError.
struct EvzSummary {
  EvzHeader header;
  EvzTotals totals;
};
EvzSummary summarise_evz(std::uint64_t file_bytes,
                         const std::function<void(std::uint64_t, MutableBytes)>& read_at);

}  // namespace evalzip
