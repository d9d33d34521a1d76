#include "codecs/context/sample_predictor.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace evalzip {
namespace {

constexpr float kSlowMemory = 0.998F, kFastMemory = 0.97F;
constexpr std::size_t kFastInputs = 10;
constexpr unsigned kScaleLimit = 255, kBiasLimit = 127;
constexpr int kEighths = 8;

// The plane through three neighbours, kept between two of them: the median edge detector of LOCO-I
// (Weinberger, Seroussi, Sapiro 1996).
std::int64_t median_edge(std::int64_t west, std::int64_t north, std::int64_t north_west) {
  return std::clamp(west + north - north_west, std::min(west, north), std::max(west, north));
}

// Two steps for each power of two.
std::size_t energy_step(std::uint64_t energy) {
  const auto width = static_cast<std::size_t>(std::bit_width(energy));
  if (width < 2) return width;
  return 2 * width - 2 + (energy >> (width - 2) & 1u);
}

}  // namespace

void SamplePredictor::Average::add(std::int64_t value, unsigned limit) {
  sum += ((value << 16) - sum) / static_cast<std::int64_t>(number + 1);
  if (number < limit) ++number;
}

void SamplePredictor::begin(const Segment& segment, const ByteHistory& history) {
  layout_ = SampleLayout(segment, history.position);
  bits_ = 8 * segment.sample;
  slow_.clear();
  fast_.clear();
  for (std::size_t channel = 0; channel < segment.channels; ++channel) {
    const std::size_t inputs = layout_.neighbours(channel).size();
    slow_.emplace_back(inputs, kSlowMemory, 2);
    fast_.emplace_back(std::min(inputs, kFastInputs), kFastMemory, 1);
  }
  ring_.assign(layout_.north_west() / layout_.sample() + 1, Errors{});
  at_ = 0;
  Average scale;
  scale.add(std::int64_t{kEighths}, kScaleLimit);
  scales_.assign(segment.channels * kEnergies * kExperts, scale);
  biases_.assign(segment.channels * kBiasEnergies * kTextures, Average{});
}

std::size_t SamplePredictor::bytes(std::size_t block_size) {
  const std::size_t row = std::min<std::size_t>(block_size, kWidestImage);
  return row * sizeof(Errors) +
         kMostChannels * (2 * sizeof(LeastSquares) +
                          (kEnergies * kExperts + kBiasEnergies * kTextures) * sizeof(Average));
}

const SamplePredictor::Errors& SamplePredictor::errors(std::size_t distance) const {
  const std::size_t back = distance / layout_.sample();
  return ring_[at_ >= back ? at_ - back : at_ + ring_.size() - back];
}

std::int64_t SamplePredictor::bounded(std::int64_t prediction) const {
  return std::clamp<std::int64_t>(prediction, 0, ((std::int64_t{1} << bits_) - 1) * kEighths);
}

void SamplePredictor::predict(const ByteHistory& history) {
  channel_ = layout_.channel(history.position);
  look_around(history);
  predict_simply();
  predict_by_fit(history);
  measure_energy();
  blend();
}

void SamplePredictor::look_around(const ByteHistory& history) {
  const auto value = [&](std::size_t distance) { return layout_.value(history, distance); };
  around_ = {.west = value(layout_.west()),
             .north = value(layout_.north()),
             .north_west = value(layout_.north_west()),
             .north_east = value(layout_.north_east()),
             .west_west = value(layout_.west_west()),
             .north_north = value(layout_.north_north())};
  if (channel_ == 0) return;
  const std::size_t before = layout_.sample();
  around_.before = value(before);
  around_.before_west = value(before + layout_.west());
  around_.before_north = value(before + layout_.north());
  around_.before_two = channel_ > 1 ? value(2 * before) : 0;
}

// Where another channel is known at this place, the difference to it is what is predicted.
void SamplePredictor::predict_simply() {
  const Around& a = around_;
  const std::int64_t west = a.before - a.before_west, north = a.before - a.before_north;
  predictions_[kWest] = bounded((a.west + west) * kEighths);
  predictions_[kNorth] = bounded((a.north + north) * kEighths);
  const std::int64_t plane = !layout_.has_rows() ? 2 * a.west - a.west_west
                             : channel_ > 0      ? (a.west + west + a.north + north) / 2
                                                 : median_edge(a.west, a.north, a.north_west);
  predictions_[kPlane] = bounded(plane * kEighths);
}

void SamplePredictor::predict_by_fit(const ByteHistory& history) {
  const std::vector<std::size_t>& neighbours = layout_.neighbours(channel_);
  base_ = layout_.has_rows() ? (around_.west + around_.north) / 2 : around_.west;
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    slow_inputs_[i] = static_cast<float>(layout_.value(history, neighbours[i]) - base_);
  }
  std::fill(slow_inputs_.begin() + static_cast<std::ptrdiff_t>(neighbours.size()),
            slow_inputs_.end(), 0.0F);
  fast_inputs_.fill(0.0F);
  std::copy_n(slow_inputs_.begin(), std::min(neighbours.size(), kFastInputs), fast_inputs_.begin());
  const auto fixed = [&](float difference) {
    const float most = static_cast<float>(std::int64_t{1} << bits_);
    const auto eighths = static_cast<std::int64_t>(std::clamp(difference, -most, most) * kEighths);
    return bounded(base_ * kEighths + eighths);
  };
  predictions_[kSlow] = fixed(slow_[channel_].predict(slow_inputs_));
  predictions_[kFast] = fixed(fast_[channel_].predict(fast_inputs_));
}

void SamplePredictor::measure_energy() {
  std::uint64_t sum = 2u * errors(layout_.west())[kBlend] + 2u * errors(layout_.north())[kBlend] +
                      errors(layout_.north_west())[kBlend] + errors(layout_.north_east())[kBlend];
  if (channel_ > 0) sum = (sum + 3u * errors(layout_.sample())[kBlend]) * 2 / 3;
  energy_ = std::min(energy_step(sum / 4), kEnergies - 1);
}

// Weights are the inverse fourth powers of the errors around, of which the largest keeps
// kWeightBits: of five such weights and differences below 2^36 the sum fits 64 bits.
std::int64_t SamplePredictor::blended() const {
  constexpr std::uint64_t kMostError = 65535, kUnit = std::uint64_t{1} << 60;
  constexpr unsigned kWeightBits = 24;
  std::array<std::uint64_t, kBlend> weights{};
  for (std::size_t expert = 0; expert < kBlend; ++expert) {
    const std::uint64_t around =
        std::uint64_t{errors(layout_.west())[expert]} + errors(layout_.north())[expert] +
        errors(layout_.north_west())[expert] + errors(layout_.north_east())[expert];
    const std::uint64_t error = std::min(around + 2, kMostError);
    weights[expert] = kUnit / (error * error * error * error / 16 + 1);
  }
  const auto most = static_cast<unsigned>(std::bit_width(std::ranges::max(weights)));
  const unsigned shift = most > kWeightBits ? most - kWeightBits : 0;
  std::int64_t total = 0, sum = 0;
  for (std::size_t expert = 0; expert < kBlend; ++expert) {
    const auto weight = static_cast<std::int64_t>(weights[expert] >> shift) + 1;
    total += weight;
    sum += weight * (predictions_[expert] - predictions_[kWest]);
  }
  return predictions_[kWest] + sum / total;
}

void SamplePredictor::blend() {
  const std::int64_t blended = this->blended();
  const Around& a = around_;
  const std::int64_t value = blended / kEighths;
  std::size_t texture = 0;
  for (const std::int64_t neighbour :
       {a.west, a.north, a.north_west, a.north_east, a.west_west, a.north_north}) {
    texture = 2 * texture + (neighbour > value ? 1 : 0);
  }
  const std::size_t level = std::min(energy_ / 3, kBiasEnergies - 1);
  bias_place_ = (channel_ * kBiasEnergies + level) * kTextures + texture;
  predictions_[kBlend] = bounded(blended + (biases_[bias_place_].sum >> 16));
}

void SamplePredictor::learn(const ByteHistory& history) {
  const std::int64_t value = layout_.value(history, layout_.sample());
  const auto target = static_cast<float>(value - base_);
  slow_[channel_].observe(slow_inputs_, target);
  fast_[channel_].observe(fast_inputs_, target);
  Average* const scales = &scales_[(channel_ * kEnergies + energy_) * kExperts];
  Errors& errors = ring_[at_];
  for (std::size_t expert = 0; expert < kExperts; ++expert) {
    const std::int64_t error = value * kEighths - predictions_[expert];
    scales[expert].add(std::abs(error), kScaleLimit);
    errors[expert] = static_cast<std::uint16_t>(std::min<std::int64_t>(std::abs(error), 65535));
  }
  const std::int64_t bias = biases_[bias_place_].sum >> 16;
  biases_[bias_place_].add(value * kEighths - predictions_[kBlend] + bias, kBiasLimit);
  at_ = at_ + 1 == ring_.size() ? 0 : at_ + 1;
}

// The mean of a logistic distribution's absolute value is 2 ln 2 of its scale: 92 = 128 / 1.386.
std::int64_t SamplePredictor::scale(std::size_t expert) const {
  const std::int64_t mean = scales_[(channel_ * kEnergies + energy_) * kExperts + expert].sum;
  return std::max<std::int64_t>((mean * 92 / kEighths) >> 16, 6);
}

}  // namespace evalzip
