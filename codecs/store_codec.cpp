// Binding: memcpy as a codec, the first row of every table and the ceiling of every speed.
#include <cstring>

#include "codecs/codec.h"

namespace evalzip {
namespace {

class StoreCodec final : public Codec {
 public:
  std::size_t bound(std::size_t size) const override { return size; }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    if (output.size() < input.size()) return Fault::output_too_small;
    return copy(input, output);
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    if (input.size() != output.size()) return Fault::corrupt_input;
    return copy(input, output);
  }

 private:
  static std::size_t copy(Bytes input, MutableBytes output) {
    if (!input.empty()) std::memcpy(output.data(), input.data(), input.size());
    return input.size();
  }
};

}  // namespace

CodecInfo store_codec() {
  return {
      .name = "store",
      .version = "1",
      .summary = "memcpy: no compression, the ceiling of every speed",
      .parameters = {},
      .traits = {},
      .make = [](const Params&) { return std::make_unique<StoreCodec>(); },
  };
}

}  // namespace evalzip
