// Binding: the Huffman coder, with a prediction filter before it if asked for.
#include <memory>
#include <optional>
#include <vector>

#include "codecs/codec.h"
#include "codecs/delta_filter.h"
#include "codecs/huffman.h"

namespace evalzip {
namespace {

class HuffmanCodec final : public Codec {
 public:
  HuffmanCodec(std::size_t block_limit, std::optional<DeltaFilter> filter)
      : coder_(block_limit, huffman_kernels().front()), filter_(filter) {}

  std::size_t bound(std::size_t size) const override { return coder_.bound(size); }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return coder_.encode(filtered(input), output);
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    const auto size = coder_.decode(input, output);
    if (size && filter_) undo_delta(*filter_, output);
    return size;
  }

  std::optional<double> ideal_bits(Bytes input) override {
    return coder_.ideal_bits(filtered(input));
  }

 private:
  Bytes filtered(Bytes input) {
    if (!filter_) return input;
    residuals_.resize(input.size());
    apply_delta(*filter_, input, residuals_);
    return residuals_;
  }

  HuffmanCoder coder_;
  std::optional<DeltaFilter> filter_;
  std::vector<std::byte> residuals_;
};

std::unique_ptr<Codec> make_huffman(const Params& params) {
  const std::string& width = params.text("delta");
  std::optional<DeltaFilter> filter;
  if (width != "0") {
    filter = {.width = static_cast<unsigned>(width[0] - '0'),
              .order = static_cast<unsigned>(params.integer("order")),
              .stride = static_cast<std::size_t>(params.integer("stride"))};
  }
  return std::make_unique<HuffmanCodec>(static_cast<std::size_t>(params.integer("block")) << 10,
                                        filter);
}

}  // namespace

CodecInfo huffman_codec() {
  return {
      .name = "huffman",
      .version = "1",
      .summary = "static order-0 Huffman: canonical, at most 13 bits, 128 interleaved lanes",
      .parameters = {{.name = "block",
                      .summary = "largest block in KiB; blocks end earlier where it pays",
                      .first = 1,
                      .last = 1 << 20,
                      .choices = {},
                      .preset = "8192"},
                     {.name = "delta",
                      .summary = "predict samples of so many bytes; 0 is off",
                      .kind = Parameter::Kind::choice,
                      .choices = {"0", "1", "2", "4"},
                      .preset = "0"},
                     {.name = "order",
                      .summary = "delta: 1 repeats the last sample, 2 continues the line",
                      .first = 1,
                      .last = 2,
                      .choices = {},
                      .preset = "1"},
                     {.name = "stride",
                      .summary = "delta: samples from one of a channel to its next",
                      .first = 1,
                      .last = 1 << 16,
                      .choices = {},
                      .preset = "1"}},
      .traits = {},
      .make = make_huffman,
  };
}

}  // namespace evalzip
