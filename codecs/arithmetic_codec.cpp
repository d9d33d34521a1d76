// Binding: adaptive and static arithmetic coding of bytes.
#include <fmt/format.h>

#include "codecs/arithmetic.h"
#include "codecs/codec.h"
#include "codecs/filtered_codec.h"

namespace evalzip {
namespace {

class ArithmeticCodec final : public Codec {
 public:
  explicit ArithmeticCodec(ArithmeticSettings settings) : coder_(settings) {}

  std::size_t bound(std::size_t size) const override { return ArithmeticBlockCoder::bound(size); }
  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return coder_.encode(input, output);
  }
  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    return coder_.decode(input, output);
  }
  std::optional<double> ideal_bits(Bytes input) override { return coder_.ideal_bits(input); }

 private:
  ArithmeticBlockCoder coder_;
};

ArithmeticModel model_named(const std::string& name) {
  if (name == "static") return ArithmeticModel::fixed;
  if (name == "binary") return ArithmeticModel::binary;
  if (name == "kt") return ArithmeticModel::kt;
  return ArithmeticModel::adaptive;
}

std::unique_ptr<Codec> make(const Params& params) {
  const ArithmeticSettings settings{.model = model_named(params.text("model")),
                                    .order = static_cast<unsigned>(params.integer("order"))};
  if (settings.model == ArithmeticModel::fixed && settings.order > 0) {
    throw SpecError(
        fmt::format("arithmetic: order is {}, but a static model has order 0: write "
                    "arithmetic:model=static, or "
                    "choose another model for a higher order",
                    settings.order));
  }
  return with_filter(std::make_unique<ArithmeticCodec>(settings), params);
}

}  // namespace

CodecInfo arithmetic_codec() {
  return {
      .name = "arithmetic",
      .version = "2",
      .summary = "range coder with a static or adaptive model of order 0 to 2",
      .parameters =
          with_filter_parameters({{.name = "order",
                                   .summary = "how many symbols before are the context of the next",
                                   .first = 0,
                                   .last = 2,
                                   .choices = {},
                                   .preset = "0",
                                   .always_named = true},
                                  {.name = "model",
                                   .summary = "what predicts the next symbol",
                                   .kind = Parameter::Kind::choice,
                                   .choices = {"adaptive", "static", "binary", "kt"},
                                   .preset = "adaptive"}}),
      .traits = {},
      .make = make,
  };
}

}  // namespace evalzip
