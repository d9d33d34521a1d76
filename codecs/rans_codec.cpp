// Binding: static rANS of order 0 or 1 as a codec.
#include "codecs/filtered_codec.h"
#include "codecs/rans_stream.h"

namespace evalzip {
namespace {

std::span<const std::uint8_t> as_octets(Bytes bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::span<std::uint8_t> as_octets(MutableBytes bytes) {
  return {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

class RansCodec final : public Codec {
 public:
  explicit RansCodec(const RansOptions& options)
      : stream_(options, rans_kernels(preferred_isa())) {}

  std::size_t bound(std::size_t size) const override { return RansStream::bound(size); }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return stream_.encode(as_octets(input), as_octets(output));
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    return stream_.decode(as_octets(input), as_octets(output));
  }

  std::optional<double> ideal_bits(Bytes input) override {
    return stream_.ideal_bits(as_octets(input));
  }

 private:
  RansStream stream_;
};

}  // namespace

CodecInfo rans_codec() {
  return {
      .name = "rans",
      .version = "2",
      .summary = "static order-0 or order-1 rANS, interleaved lanes, SIMD chosen at run time",
      .parameters =
          with_filter_parameters({{.name = "order",
                                   .summary = "how many bytes before a symbol predict it",
                                   .kind = Parameter::Kind::choice,
                                   .choices = {"0", "1"},
                                   .preset = "0",
                                   .always_named = true},
                                  {.name = "ways",
                                   .summary = "interleaved states; auto: more for longer blocks",
                                   .kind = Parameter::Kind::choice,
                                   .choices = {"auto", "4", "32", "64", "128"},
                                   .preset = "auto"}}),
      .traits = {},
      .make =
          [](const Params& params) {
            const std::string& ways = params.text("ways");
            const RansOptions options{.order = params.text("order") == "1" ? 1 : 0,
                                      .ways = ways == "auto" ? 0 : std::stoi(ways)};
            return with_filter(std::make_unique<RansCodec>(options), params);
          },
  };
}

}  // namespace evalzip
