// Binding: prediction by partial matching.
#include "codecs/byte_model_codec.h"
#include "codecs/ppm_model.h"

namespace evalzip {
namespace {

std::unique_ptr<Codec> make(const Params& params) {
  const auto order = static_cast<unsigned>(params.integer("order"));
  const auto memory_bits = static_cast<unsigned>(params.integer("memory_bits"));
  return std::make_unique<ByteModelCodec<std::function<PpmModel(std::size_t)>>>(
      [=](std::size_t size) {
        return PpmModel(ppm_settings(order, size, std::size_t{1} << memory_bits));
      });
}

}  // namespace

CodecInfo ppm_codec() {
  return {
      .name = "ppm",
      .version = "1",
      .summary = "prediction by partial matching, escapes of method D: a bound that decodes",
      .parameters = {{.name = "order",
                      .summary = "most bytes of context",
                      .first = 0,
                      .last = PpmModel::kGreatestOrder,
                      .choices = {},
                      .preset = "5",
                      .always_named = true},
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
