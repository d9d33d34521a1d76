// The rANS stream: blocks one after the other, docs/formats.md says how. Kernel of rans_codec.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/codec.h"
#include "codecs/rans_plan.h"

namespace evalzip {

// Encodes and decodes streams. Keeps its scratch memory between calls; one instance per thread.
class RansStream {
 public:
  // All kernels give the same bytes.
  RansStream(const RansOptions& options, const RansKernels& kernels)
      : planner_(options), coder_(kernels) {}

  // Largest encoding of any `size`-byte input.
  static std::size_t bound(std::size_t size);

  Result<std::size_t> encode(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

  // `output` has the original size. A stream of any options is understood.
  Result<std::size_t> decode(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

  // Sum over the symbols of -log2(frequency / 2^bits), with the integers encode() would use.
  double ideal_bits(std::span<const std::uint8_t> input);

 private:
  std::vector<std::uint8_t> coded_head(const RansBlock& block, const RansPayload& payload);
  bool take_tables(std::span<const std::uint8_t>& input, RansBlock& block);
  bool take_block(std::span<const std::uint8_t>& input, RansBlock& block,
                  std::span<std::uint8_t> output);

  RansPlanner planner_;
  RansSymbolCoder coder_;
  DecisionWriter tables_;
  ContextRows rows_;  // of the block being decoded
};

}  // namespace evalzip
