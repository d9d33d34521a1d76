// Binding: the textbook's estimator in contexts of a fixed order.
#include "codecs/byte_model_codec.h"
#include "codecs/kt_model.h"

namespace evalzip {
namespace {

std::unique_ptr<Codec> make(const Params& params) {
  const auto order = static_cast<unsigned>(params.integer("order"));
  return std::make_unique<ByteModelCodec<std::function<KtModel(std::size_t)>>>(
      [order](std::size_t) { return KtModel(order); });
}

}  // namespace

CodecInfo kt_codec() {
  return {
      .name = "kt",
      .version = "1",
      .summary =
          "Krichevsky-Trofimov estimates of each bit after the bytes before: a bound that decodes",
      .parameters = {{.name = "order",
                      .summary = "how many bytes before are the context of the next",
                      .first = 0,
                      .last = KtModel::kHighestOrder,
                      .choices = {},
                      .preset = "2",
                      .always_named = true}},
      .traits = {.state_per_call = true},
      .make = make,
  };
}

}  // namespace evalzip
