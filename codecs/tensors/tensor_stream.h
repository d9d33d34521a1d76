// Numbers of one format as a stream of chunks; docs/formats.md has the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codecs/codec.h"
#include "codecs/tensors/chunk_coder.h"

namespace evalzip {

// Keeps its scratch memory; one instance per thread.
class TensorStream {
 public:
  // Without a layout, encode() takes the format that makes a sample of the input smallest.
  explicit TensorStream(std::optional<TensorLayout> layout, PlaneCode code = PlaneCode::rans)
      : layout_(layout), coder_(code) {}

  static std::size_t bound(std::size_t size);

  // As Codec::encode and Codec::decode.
  Result<std::size_t> encode(Bytes input, MutableBytes output);
  Result<std::size_t> decode(Bytes input, MutableBytes output);

 private:
  TensorLayout guess(Bytes input);

  std::optional<TensorLayout> layout_;
  ChunkCoder coder_;
  std::vector<std::byte> chunk_;
};

}  // namespace evalzip
