// One chunk of an .evt file: numbers, or their differences from a base.
#pragma once

#include <vector>

#include "codecs/codec.h"
#include "codecs/tensors/chunk_coder.h"

namespace evalzip {

// Chunks are small: with so many waiting for each worker, none waits for the thread that writes.
inline constexpr unsigned kChunksAhead = 4;

// Keeps its scratch memory; one instance per thread.
class EvtChunkCoder {
 public:
  // Reads chunks of either code.
  explicit EvtChunkCoder(PlaneCode code = PlaneCode::rans) : coder_(code) {}

  // `base`: the same numbers of the base, or empty. Replaces what is in `payload`.
  void encode(const TensorLayout& layout, Bytes raw, Bytes base, std::vector<std::byte>& payload);

  // Whether decode() needs the base's numbers.
  static bool needs_base(Bytes payload);

  // False if the payload is not what encode() wrote for a chunk of that size.
  bool decode(const TensorLayout& layout, Bytes payload, Bytes base, MutableBytes raw);

 private:
  ChunkCoder coder_;
  std::vector<std::byte> coded_, differences_;
};

}  // namespace evalzip
