// Binding: the Huffman coder.
#include <memory>
#include <optional>

#include "codecs/codec.h"
#include "codecs/filtered_codec.h"
#include "codecs/huffman.h"

namespace evalzip {
namespace {

class HuffmanCodec final : public Codec {
 public:
  explicit HuffmanCodec(std::size_t block_limit) : coder_(block_limit, huffman_kernels().front()) {}

  std::size_t bound(std::size_t size) const override { return coder_.bound(size); }
  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return coder_.encode(input, output);
  }
  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    return coder_.decode(input, output);
  }
  std::optional<double> ideal_bits(Bytes input) override { return coder_.ideal_bits(input); }

 private:
  HuffmanCoder coder_;
};

std::unique_ptr<Codec> make_huffman(const Params& params) {
  const auto block_limit = static_cast<std::size_t>(params.integer("block")) << 10;
  return with_filter(std::make_unique<HuffmanCodec>(block_limit), params);
}

}  // namespace

CodecInfo huffman_codec() {
  return {
      .name = "huffman",
      .version = "1",
      .summary = "static order-0 Huffman: canonical, at most 13 bits, 128 interleaved lanes",
      .parameters = with_filter_parameters(
          {{.name = "block",
            .summary = "largest block in KiB; blocks end earlier where it pays",
            .first = 1,
            .last = 1 << 20,
            .choices = {},
            .preset = "8192"}}),
      .traits = {},
      .make = make_huffman,
  };
}

}  // namespace evalzip
