#include "codecs/context/mixer.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace evalzip {
namespace {

// Weights are in units of 2^-28, sums of products of their upper halves in units of 2^-12.
constexpr int kSumShift = 12;

// Errors, in units of 2^-15, are multiplied by the pace in units of 2^-8.
constexpr int kFirstPace = 1024, kLastPace = 160, kFinalPace = 150;
constexpr unsigned kBitsBetweenPaces = 4096;

int clamped(std::int32_t sum) {
  return std::clamp(static_cast<int>(sum >> kSumShift), -kMostStretch, kMostStretch);
}

std::int32_t paced_error(bool bit, int log_odds, int pace) {
  const int error = (bit ? 1 << 15 : 0) - static_cast<int>(squash(log_odds) >> 1);
  return std::clamp(error * pace >> 8, -32768, 32767);
}

}  // namespace

std::size_t Mixer::first_rows(const Shape& shape) {
  return std::accumulate(shape.set_rows.begin(), shape.set_rows.end(), std::size_t{0});
}

std::size_t Mixer::bytes(const Shape& shape) {
  return sizeof(std::int32_t) *
         (first_rows(shape) * padded(shape.inputs) + shape.final_rows * kAlignment);
}

Mixer::Mixer(const Shape& shape, Isa isa)
    : kernels_(mixer_kernels(isa)), memory_(bytes(shape)), pace_(kFirstPace) {
  assert(shape.inputs <= kMostInputs && shape.set_rows.size() <= kMostSets);
  std::partial_sum(shape.set_rows.begin(), shape.set_rows.end(), offsets_.begin() + 1);
  rows_.inputs = inputs_.data();
  rows_.width = padded(shape.inputs);
  rows_.rows = shape.set_rows.size();
  for (std::size_t set = 0; set < rows_.rows; ++set) select(set, 0);
  final_.inputs = outputs_.data();
  final_.width = kAlignment;
  final_.rows = 1;
  final_offset_ = first_rows(shape) * rows_.width;
  const auto share = static_cast<std::int32_t>((1u << 28) / rows_.rows);
  for (std::size_t row = 0; row < shape.final_rows; ++row) {
    std::fill_n(weights() + final_offset_ + row * kAlignment, rows_.rows, share);
  }
}

void Mixer::set_initial_weight(std::size_t input, std::int32_t weight) {
  for (std::size_t row = 0; row < offsets_[rows_.rows]; ++row) {
    weights()[row * rows_.width + input] = weight << 12;
  }
}

int Mixer::mix(std::size_t final_row) {
  std::array<std::int32_t, kMostSets> sums;
  kernels_.dot(rows_, sums.data());
  for (std::size_t set = 0; set < rows_.rows; ++set) outputs_[set] = clamped(sums[set]) * 65536;
  final_.weights[0] = weights() + final_offset_ + final_row * kAlignment;
  kernels_.dot(final_, sums.data());
  mixture_ = clamped(sums[0]);
  return mixture_;
}

void Mixer::update(bool bit) {
  std::array<std::int32_t, kMostSets> errors;
  for (std::size_t set = 0; set < rows_.rows; ++set) {
    errors[set] = paced_error(bit, outputs_[set] >> 16, pace_);
  }
  kernels_.train(rows_, errors.data());
  errors[0] = paced_error(bit, mixture_, kFinalPace);
  kernels_.train(final_, errors.data());
  if (++bits_ == kBitsBetweenPaces) {
    bits_ = 0;
    pace_ = std::max(kLastPace, pace_ - pace_ / 32);
  }
}

}  // namespace evalzip
