// Binding: context-tree weighting.
#include "codecs/byte_model_codec.h"
#include "codecs/ctw_model.h"

namespace evalzip {
namespace {

std::unique_ptr<Codec> make(const Params& params) {
  const CtwSettings settings{.depth = static_cast<unsigned>(params.integer("depth")),
                             .memory_bits = static_cast<unsigned>(params.integer("memory_bits"))};
  return std::make_unique<ByteModelCodec<std::function<CtwModel(std::size_t)>>>(
      [settings](std::size_t size) { return CtwModel(fitted(settings, size)); });
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
