// Binding: the coder of tensors as a codec.
#include "codecs/codec_spec.h"
#include "codecs/tensors/tensor_stream.h"

namespace evalzip {
namespace {

constexpr const char* kGuess = "auto";

class TensorCodec final : public Codec {
 public:
  TensorCodec(std::optional<TensorLayout> layout, PlaneCode code) : stream_(layout, code) {}

  std::size_t bound(std::size_t size) const override { return TensorStream::bound(size); }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return stream_.encode(input, output);
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    return stream_.decode(input, output);
  }

 private:
  TensorStream stream_;
};

std::vector<std::string> format_names() {
  std::vector<std::string> names{kGuess};
  for (const NumberFormat& format : number_formats()) names.emplace_back(format.name);
  return names;
}

std::unique_ptr<Codec> make_tensor_codec(const Params& params) {
  const std::string& name = params.text(kNumberFormatParameter);
  const PlaneCode code = params.text("coder") == "rans" ? PlaneCode::rans : PlaneCode::huffman;
  if (name == kGuess) return std::make_unique<TensorCodec>(std::nullopt, code);
  const TensorLayout layout{
      .format = *number_format_called(name),
      .columns = static_cast<std::uint64_t>(params.integer(kColumnsParameter))};
  return std::make_unique<TensorCodec>(layout, code);
}

}  // namespace

CodecInfo tensor_codec() {
  return {.name = "tensor",
          .version = "1",
          .summary =
              "weights of models: exponents by rANS in the scale of their row or column, mantissas "
              "packed",
          .parameters = {{.name = kNumberFormatParameter,
                          .summary = "format of the numbers; auto: the document's, or a guess",
                          .kind = Parameter::Kind::choice,
                          .choices = format_names(),
                          .preset = kGuess},
                         {.name = kColumnsParameter,
                          .summary = "numbers in a row; 0: the document's, or not known",
                          .first = 0,
                          .last = 0xffffffff,
                          .preset = "0"},
                         {.name = "coder",
                          .summary = "of exponents: rans is smaller, huffman decodes faster",
                          .kind = Parameter::Kind::choice,
                          .choices = {"rans", "huffman"},
                          .preset = "rans"}},
          .traits = {},
          .make = make_tensor_codec};
}

}  // namespace evalzip
