// A context-mixing model drives the range coder over the segments of a block: the format "cm" of
// docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/codec.h"
#include "codecs/context/content.h"
#include "codecs/cpu_features.h"

namespace evalzip {

// Levels 1 to 3 are the fast model, 4 to 9 the strong one; within each, a level only has more
// memory.
inline constexpr unsigned kFirstContextLevel = 1, kLastContextLevel = 9;
inline constexpr unsigned kFirstStrongContextLevel = 4;

// Codes blocks, each for itself. One instance per thread.
class ContextMixingCoder {
 public:
  ContextMixingCoder(unsigned level, Isa isa) : level_(level), isa_(isa) {}

  static std::size_t bound(std::size_t size);

  Result<std::size_t> encode(Bytes block, MutableBytes output);
  Result<std::size_t> decode(Bytes encoded, MutableBytes block);

  // The model's code length of the block, without headers, in bits.
  double ideal_bits(Bytes block);

  // Memory in bytes that a block of `size` bytes takes, beside its input and output.
  static std::uint64_t memory_bytes(unsigned level, std::size_t size);

 private:
  unsigned level_;
  Isa isa_;
};

}  // namespace evalzip
