// The distribution of a byte as eight decisions: what a bitwise mixer can take in.
#pragma once

#include <array>
#include <cstdint>

#include "codecs/llm/logits.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

// Log odds, in units of 1/256, of the eight bits of one byte, the highest first.
using BitOdds = std::array<std::int16_t, 8>;

// Node 1 is the first bit, nodes 2 and 3 the second after a 0 and a 1, and so on: a node is a 1
// and then the bits so far, and node 256 + b is the byte b itself. A byte's weight is
// 1 + floor(2^22 * 2^(-(largest - logit) / 256)); a node's is the sum of its bytes'.
class ByteTree {
 public:
  // There are 256 logits.
  void assign(const Logits& logits, const RowKernels& kernels);

  // That the bit of `node`, at most 255, is a one: log odds as in squash.h, from integers only.
  int log_odds(std::uint32_t node) const;
  BitOdds path(std::uint8_t byte) const;

 private:
  std::array<std::uint32_t, 512> weights_;  // [node]
};

}  // namespace evalzip
