// The Huffman stream: blocks of canonical, length-limited codes over interleaved lanes.
// Its bytes are specified in docs/formats.md; the lanes are explained in huffman_lanes.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/codec.h"
#include "codecs/huffman_lanes.h"

namespace evalzip {

// Encoder and decoder with their scratch memory. One instance per thread.
class HuffmanCoder {
 public:
  // `block_limit`: largest block in bytes, 1 to 2^30. `kernel` must be one of huffman_kernels().
  HuffmanCoder(std::size_t block_limit, const HuffmanKernel& kernel);

  // Largest encoding, in bytes, of `size` bytes.
  std::size_t bound(std::size_t size) const;

  // As Codec::encode and Codec::decode.
  Result<std::size_t> encode(Bytes input, MutableBytes output);
  Result<std::size_t> decode(Bytes input, MutableBytes output) const;

  // Order-0 entropy of each block under its own byte counts, summed, in bits: what a perfect coder
  // would spend on the symbols if the counts were known to both sides.
  double ideal_bits(Bytes input) const;

 private:
  Result<std::size_t> encode_block(Bytes block, const ByteHistogram& counts, MutableBytes output);

  std::size_t block_limit_;
  const HuffmanKernel* kernel_;
  std::vector<std::uint8_t> words_;  // of the block being encoded, filled from the end
};

}  // namespace evalzip
