#include "codecs/context/image_contexts.h"

#include <algorithm>
#include <array>
#include <bit>

#include "codecs/context/bell.h"
#include "codecs/context/sample_predictor.h"

namespace evalzip {
namespace {

class ImageContexts final : public ContextSet {
 public:
  std::size_t number() const override { return 16; }
  std::size_t predictions() const override { return SamplePredictor::kExperts; }

  void begin(const Segment& segment, const ByteHistory& history) override {
    predictor_.begin(segment, history);
    known_ = 0;
    fresh_ = true;
  }

  void next_byte(const ByteHistory& history, Match match, ByteContexts& contexts) override {
    byte_ = predictor_.layout().byte(history.position);
    if (byte_ == 0) {
      if (!fresh_) predictor_.learn(history);
      fresh_ = false;
      predictor_.predict(history);
      for (std::size_t i = 0; i < bells_.size(); ++i) {
        bells_[i].aim(predictor_.bits(), predictor_.prediction(i), predictor_.scale(i));
      }
      known_ = 0;
    } else {
      known_ = known_ << 8 | history.last(1);
    }
    const auto place = static_cast<std::uint32_t>(predictor_.channel() * 4 + byte_);
    place_ = byte_ == 0 ? place : combine(place, known_);
    add_predicted(contexts);
    add_around(contexts, match);
    choose_rows(contexts);
  }

  void predict(std::uint32_t node, std::span<int> log_odds, ByteContexts& contexts) override {
    for (std::size_t i = 0; i < bells_.size(); ++i) log_odds[i] = bells_[i].log_odds();
    const auto bits = static_cast<std::uint32_t>(std::bit_width(node)) - 1;
    const std::uint32_t step = static_cast<std::uint32_t>(
        std::clamp((log_odds[SamplePredictor::kBlend] + 2048) / 256, 0, 15));
    contexts.selectors[0] =
        (static_cast<std::uint32_t>(predictor_.energy()) * 8 + bits) * 4 +
        static_cast<std::uint32_t>(std::min<std::size_t>(predictor_.channel() + byte_ * 2, 3));
    contexts.selectors[1] =
        (step * 8 + bits) * 4 + static_cast<std::uint32_t>(std::min<std::size_t>(byte_, 3));
  }

  void learn(bool bit) override {
    for (Bell& bell : bells_) bell.learn(bit);
  }

 private:
  using Expert = SamplePredictor::Expert;

  // The part of a number that the byte lies in, with some more bits or fewer; behind the first byte
  // the bytes that are known say the rest.
  std::uint32_t part(std::int64_t value, int more) const {
    const int shift = static_cast<int>(predictor_.bits()) - 8 * static_cast<int>(byte_ + 1) - more;
    return static_cast<std::uint32_t>(shift > 0 ? value >> shift : value << -shift);
  }
  std::uint32_t predicted(Expert expert, int more) const {
    return part(predictor_.prediction(expert), more) / 8;
  }

  void add(ByteContexts& contexts, std::uint32_t a, std::uint32_t b = 0,
           std::uint32_t c = 0) const {
    contexts.add(combine(combine(a, b), combine(c, place_)));
  }

  void add_predicted(ByteContexts& contexts) const {
    const SamplePredictor::Around& a = predictor_.around();
    const auto energy = static_cast<std::uint32_t>(predictor_.energy());
    add(contexts, predicted(Expert::kBlend, 1), energy / 2);
    add(contexts, predicted(Expert::kSlow, 1), predicted(Expert::kPlane, -1));
    add(contexts, predicted(Expert::kFast, 0), predicted(Expert::kSlow, 0));
    add(contexts, predicted(Expert::kPlane, 0), part(a.before, 0), energy / 4);
    add(contexts, predicted(Expert::kWest, 0), predicted(Expert::kNorth, 0));
    add(contexts, predicted(Expert::kBlend, 0), part(a.west, -1), part(a.north, -1));
    add(contexts, predicted(Expert::kBlend, 0), part(a.before, 0), part(a.before_two, 0));
  }

  void add_around(ByteContexts& contexts, Match match) const {
    const SamplePredictor::Around& a = predictor_.around();
    const std::uint32_t west = part(a.west, 0), north = part(a.north, 0);
    const std::uint32_t north_west = part(a.north_west, 0), north_east = part(a.north_east, 0);
    const std::uint32_t all = combine(combine(west, north), combine(north_west, north_east));
    add(contexts, west, north);
    add(contexts, west, part(a.before, 0), part(a.before_two, 0));
    add(contexts, north, part(a.before, 0), north_east);
    add(contexts, combine(west, north), north_west, part(a.before, 0));
    add(contexts, all, part(a.before, 0), part(a.before_two, 0));
    add(contexts, all, part(a.west_west, 0), part(a.north_north, 0));
    add(contexts, north, part(a.north_north, 0), part(a.before, 0));
    add(contexts, west, part(a.west_west, 0), part(a.before, 0));
    add(contexts, match.expected, match.bucket, predicted(Expert::kBlend, -2));
  }

  void choose_rows(ByteContexts& contexts) const {
    contexts.map_contexts = {combine(predicted(Expert::kBlend, 0), place_),
                             combine(static_cast<std::uint32_t>(predictor_.energy()),
                                     predicted(Expert::kSlow, -1), place_)};
  }

  SamplePredictor predictor_;
  std::array<Bell, SamplePredictor::kExperts> bells_;
  std::size_t byte_ = 0;     // of the sample
  std::uint32_t known_ = 0;  // its bytes so far
  std::uint32_t place_ = 0;
  bool fresh_ = true;
};

}  // namespace

std::unique_ptr<ContextSet> image_contexts() { return std::make_unique<ImageContexts>(); }

}  // namespace evalzip
