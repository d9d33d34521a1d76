// Where the neighbours of a sample lie: of images, sound, and tables of numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/context/byte_history.h"
#include "codecs/context/content.h"

namespace evalzip {

// Distances in bytes from a sample back to others. Every one is at least a sample, so what lies
// there is known.
class SampleLayout {
 public:
  SampleLayout() = default;
  SampleLayout(const Segment& segment, std::size_t start);

  std::size_t sample() const { return sample_; }
  std::size_t channels() const { return channels_; }
  bool has_rows() const { return row_ > 0; }
  std::size_t row() const { return row_; }

  // Of the sample that begins at a position of the block: its channel, and its byte.
  std::size_t channel(std::size_t position) const { return column(position) % pixel_ / sample_; }
  std::size_t byte(std::size_t position) const { return (position - start_) % sample_; }
  std::size_t column(std::size_t position) const {
    return row_ > 0 ? (position - start_) % row_ : position - start_;
  }

  // The sample, highest byte first, that begins `distance` bytes before the next byte.
  std::int64_t value(const ByteHistory& history, std::size_t distance) const {
    if (distance > history.position - start_) return 0;
    const std::uint8_t* const at = history.bytes + (history.position - distance);
    std::int64_t value = 0;
    for (std::size_t i = 0; i < sample_; ++i) value = value << 8 | at[i];
    return value;
  }

  // Left, above, and so on; without rows, ever further to the left.
  std::size_t west() const { return pixel_; }
  std::size_t west_west() const { return 2 * pixel_; }
  std::size_t north() const { return row_ > 0 ? row_ : 2 * pixel_; }
  std::size_t north_west() const { return row_ > 0 ? row_ + pixel_ : 3 * pixel_; }
  std::size_t north_east() const { return row_ > 0 ? row_ - pixel_ : pixel_; }
  std::size_t north_north() const { return row_ > 0 ? 2 * row_ : 4 * pixel_; }

  // What a channel is best predicted from, the nearest first; at most LeastSquares::kMost.
  const std::vector<std::size_t>& neighbours(std::size_t channel) const {
    return neighbours_[channel];
  }

 private:
  void add_own(std::vector<std::size_t>& to) const;
  void add_others(std::size_t channel, std::vector<std::size_t>& to) const;

  std::size_t start_ = 0, row_ = 0, sample_ = 1, channels_ = 1, pixel_ = 1;
  std::vector<std::vector<std::size_t>> neighbours_;
};

}  // namespace evalzip
