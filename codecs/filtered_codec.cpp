#include "codecs/filtered_codec.h"

#include <utility>

#include "codecs/delta_filter.h"

namespace evalzip {
namespace {

class FilteredCodec final : public Codec {
 public:
  FilteredCodec(std::unique_ptr<Codec> codec, const DeltaFilter& filter)
      : codec_(std::move(codec)), filter_(filter) {}

  std::size_t bound(std::size_t size) const override { return codec_->bound(size); }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return codec_->encode(residuals(input), output);
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    const Result<std::size_t> size = codec_->decode(input, output);
    if (size) undo_delta(filter_, output);
    return size;
  }

  std::optional<double> ideal_bits(Bytes input) override {
    return codec_->ideal_bits(residuals(input));
  }

 private:
  Bytes residuals(Bytes input) {
    if (residuals_.size() < input.size()) residuals_.resize(input.size());
    const MutableBytes room = MutableBytes(residuals_).first(input.size());
    apply_delta(filter_, input, room);
    return room;
  }

  std::unique_ptr<Codec> codec_;
  DeltaFilter filter_;
  std::vector<std::byte> residuals_;  // kept between calls
};

}  // namespace

std::vector<Parameter> with_filter_parameters(std::vector<Parameter> own) {
  own.push_back({.name = "delta",
                 .summary = "predict samples of so many bytes; 0 is off",
                 .kind = Parameter::Kind::choice,
                 .choices = {"0", "1", "2", "4"},
                 .preset = "0"});
  own.push_back(
      {.name = "predict",
       .summary = "delta: from how many samples: 1 repeats the last, 2 continues the line",
       .first = 1,
       .last = 3,
       .choices = {},
       .preset = "1"});
  own.push_back({.name = "stride",
                 .summary = "delta: samples from one of a channel to its next",
                 .first = 1,
                 .last = 1 << 16,
                 .choices = {},
                 .preset = "1"});
  return own;
}

std::unique_ptr<Codec> with_filter(std::unique_ptr<Codec> codec, const Params& params) {
  const std::string& width = params.text("delta");
  if (width == "0") return codec;
  const DeltaFilter filter{.width = static_cast<unsigned>(width[0] - '0'),
                           .order = static_cast<unsigned>(params.integer("predict")),
                           .stride = static_cast<std::size_t>(params.integer("stride"))};
  return std::make_unique<FilteredCodec>(std::move(codec), filter);
}

}  // namespace evalzip
