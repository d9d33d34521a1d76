// Binding: context-tree weighting.
#include <bit>

#include "codecs/byte_model_codec.h"
#include "codecs/ctw_model.h"

namespace evalzip {
namespace {

// A block of n bytes visits at most 2 n depth contexts of a cache line each; small blocks need not
// pay for memory that they cannot fill.
unsigned memory_bits(std::size_t size, unsigned depth, unsigned most) {
  const auto needed =
      static_cast<unsigned>(std::bit_width(128 * std::uint64_t{depth} * (size + 1)));
  return std::clamp(needed, 12u, most);
}

std::unique_ptr<Codec> make(const Params& params) {
  const auto depth = static_cast<unsigned>(params.integer("depth"));
  const auto most = static_cast<unsigned>(params.integer("memory_bits"));
  return std::make_unique<ByteModelCodec<std::function<CtwModel(std::size_t)>>>(
      [=](std::size_t size) {
        return CtwModel({.depth = depth, .memory_bits = memory_bits(size, depth, most)});
      });
}

}  // namespace

CodecInfo ctw_codec() {
  return {
      .name = "ctw",
      .version = "1",
      .summary = "context-tree weighting: the mixture of all context trees up to a depth",
      .parameters = {{.name = "depth",
                      .summary = "bytes of context",
                      .first = 1,
                      .last = CtwModel::kGreatestDepth,
                      .choices = {},
                      .preset = "6"},
                     {.name = "memory_bits",
                      .summary = "logarithm of the most bytes of memory",
                      .first = 16,
                      .last = 34,
                      .choices = {},
                      .preset = "26"}},
      .traits = {.state_per_call = true},
      .make = make,
  };
}

}  // namespace evalzip
