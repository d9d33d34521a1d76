// Binding: context mixing.
#include "codecs/cm_stream.h"
#include "codecs/codec.h"

namespace evalzip {
namespace {

class CmCodec final : public Codec {
 public:
  explicit CmCodec(unsigned level) : coder_(level, preferred_isa()) {}

  std::size_t bound(std::size_t size) const override { return ContextMixingCoder::bound(size); }
  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return coder_.encode(input, output);
  }
  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    return coder_.decode(input, output);
  }
  std::optional<double> ideal_bits(Bytes input) override { return coder_.ideal_bits(input); }

 private:
  ContextMixingCoder coder_;
};

unsigned level_of(const Params& params) { return static_cast<unsigned>(params.integer("level")); }

std::unique_ptr<Codec> make(const Params& params) {
  return std::make_unique<CmCodec>(level_of(params));
}

std::uint64_t memory_bytes(const Params& params, std::uint64_t size) {
  return ContextMixingCoder::memory_bytes(level_of(params), size);
}

}  // namespace

CodecInfo cm_codec() {
  return {
      .name = "cm",
      .version = "1",
      .summary = "context mixing: 1 to 3 fast, 4 to 9 strong, higher levels with more memory",
      .parameters = {{.name = "level",
                      .summary = "1 to 3: the fast model, 4 to 9: the strong one",
                      .first = kFirstContextLevel,
                      .last = kLastContextLevel,
                      .choices = {},
                      .preset = "6"}},
      .traits = {},
      .make = make,
      .memory_bytes = memory_bytes,
  };
}

}  // namespace evalzip
