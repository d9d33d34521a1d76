// Predicts samples of images, sound and tables as numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/context/byte_history.h"
#include "codecs/context/content.h"
#include "codecs/context/least_squares.h"
#include "codecs/context/sample_layout.h"

namespace evalzip {

// Several predictors of the next sample, a blend of them by how well each did around, and how far
// each is likely off.
class SamplePredictor {
 public:
  enum Expert : std::size_t { kSlow, kFast, kPlane, kWest, kNorth, kBlend, kExperts };
  static constexpr std::size_t kEnergies = 24;

  // Memory in bytes, at most, in a block of some size.
  static std::size_t bytes(std::size_t block_size);

  // Samples of a segment that begins at the history's position.
  void begin(const Segment& segment, const ByteHistory& history);

  // At the beginning of each sample.
  void predict(const ByteHistory& history);
  // At its end.
  void learn(const ByteHistory& history);

  const SampleLayout& layout() const { return layout_; }
  unsigned bits() const { return bits_; }

  // In units of 1/8 and, for the likely error, of 1/128.
  std::int64_t prediction(std::size_t expert) const { return predictions_[expert]; }
  std::int64_t scale(std::size_t expert) const;

  // How large errors are around here, in steps of about a third.
  std::size_t energy() const { return energy_; }
  std::size_t channel() const { return channel_; }

  // The neighbours' values, and that of the channel before at this place, or 0.
  struct Around {
    std::int64_t west, north, north_west, north_east, west_west, north_north;
    std::int64_t before, before_west, before_north, before_two;
  };
  const Around& around() const { return around_; }

 private:
  // An average in units of 2^-16: of all values while they are at most `limit`, then of about as
  // many of the last.
  struct Average {
    std::int64_t sum = 0;
    unsigned number = 0;
    void add(std::int64_t value, unsigned limit);
  };
  using Errors = std::array<std::uint16_t, kExperts>;
  static constexpr std::size_t kTextures = 64, kBiasEnergies = 6;

  void look_around(const ByteHistory& history);
  void predict_simply();
  void predict_by_fit(const ByteHistory& history);
  void blend();
  std::int64_t blended() const;
  void measure_energy();
  const Errors& errors(std::size_t distance) const;
  std::int64_t bounded(std::int64_t prediction) const;

  SampleLayout layout_;
  unsigned bits_ = 8;
  std::size_t channel_ = 0;
  Around around_{};
  std::array<std::int64_t, kExperts> predictions_{};
  std::vector<LeastSquares> slow_, fast_;  // of each channel
  alignas(16) std::array<float, LeastSquares::kMost> slow_inputs_{}, fast_inputs_{};
  std::int64_t base_ = 0;  // what the inputs are differences from

  std::vector<Errors> ring_;  // of the samples of the last row and a bit more
  std::size_t at_ = 0;        // the next one's place in it
  std::size_t energy_ = 0, bias_place_ = 0;
  std::vector<Average> scales_;  // [channel][energy][expert]
  std::vector<Average> biases_;  // [channel][energy][texture]
};

}  // namespace evalzip
