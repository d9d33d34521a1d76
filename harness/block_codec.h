// A codec applied to a document cut into blocks, several at once if asked: --block-size, --threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

class BlockCodec {
 public:
  // `block_bytes` 0: the whole document is one block.
  BlockCodec(const CodecMaker& make, std::uint64_t block_bytes, unsigned threads);

  // Room that encode() needs for a document of `size` bytes.
  std::size_t bound(std::size_t size) const;

  // Encodes each block into its own slot of `output`, bound(block) bytes wide. Returns the first
  // block's fault, if any. The sizes are in encoded_blocks() afterwards.
  std::optional<Fault> encode(Bytes document, MutableBytes output);
  const std::vector<std::uint64_t>& encoded_blocks() const { return encoded_; }

  // The encoding of block `index` after encode() into `output`.
  Bytes encoded_block(Bytes output, std::size_t document_size, std::size_t index) const;

  // Decodes blocks laid end to end in `input`; encoded_sizes has one entry per block. Returns the
  // bytes that the codec claims to have written.
  Result<std::size_t> decode(Bytes input, const std::vector<std::uint64_t>& encoded_sizes,
                             MutableBytes document);

  // Sum over the blocks; absent if the codec has no model.
  std::optional<double> ideal_bits(Bytes document);
  std::optional<std::uint64_t> model_bytes() const { return codecs_.front()->model_bytes(); }
  // The same.
  std::optional<ModelWork> model_work(Bytes document);

 private:
  std::size_t block_count(std::size_t size) const;
  std::size_t block_begin(std::size_t index) const { return index * block_bytes_; }
  std::size_t block_size(std::size_t size, std::size_t index) const;

  // Calls work(codec, block) for every block, from as many threads as there are codecs. Stops early
  // on a fault and returns it; rethrows what the codec threw.
  std::optional<Fault> for_each_block(
      std::size_t count, const std::function<std::optional<Fault>(Codec&, std::size_t)>& work);

  std::vector<std::unique_ptr<Codec>> codecs_;  // one per thread
  std::size_t block_bytes_;
  std::vector<std::uint64_t> encoded_;
};

}  // namespace evalzip
