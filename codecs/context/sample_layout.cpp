#include "codecs/context/sample_layout.h"

#include "codecs/context/least_squares.h"

namespace evalzip {

SampleLayout::SampleLayout(const Segment& segment, std::size_t start)
    : start_(start),
      sample_(segment.sample),
      channels_(segment.channels),
      pixel_(std::size_t{segment.sample} * segment.channels) {
  if (evalzip::has_rows(segment)) row_ = segment.width;
  neighbours_.resize(channels_);
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    std::vector<std::size_t>& all = neighbours_[channel];
    all = {west(), north(), north_west(), north_east()};
    add_others(channel, all);
    add_own(all);
    if (all.size() > LeastSquares::kMost) all.resize(LeastSquares::kMost);
  }
}

void SampleLayout::add_own(std::vector<std::size_t>& to) const {
  const std::size_t step = pixel_;
  if (row_ == 0) {
    to = {};
    for (std::size_t i = 1; i <= (channels_ == 1 ? 20u : 12u); ++i) to.push_back(i * step);
    return;
  }
  to.insert(to.end(), {2 * step, 2 * row_, row_ + 2 * step, row_ - 2 * step});
  if (channels_ > 2) return;
  to.insert(to.end(), {2 * row_ - step, 2 * row_ + step, 3 * step, 3 * row_});
  to.insert(to.end(), {2 * row_ - 2 * step, 2 * row_ + 2 * step});
  if (channels_ == 1) to.insert(to.end(), {row_ - 3 * step, row_ + 3 * step, 4 * step, 4 * row_});
}

// The channels before are known at this place, those behind only around it.
void SampleLayout::add_others(std::size_t channel, std::vector<std::size_t>& to) const {
  for (std::size_t back = 1; back <= channel && back <= 2; ++back) {
    const std::size_t here = back * sample_;
    to.insert(to.end(), {here, here + pixel_});
    if (row_ > 0) to.insert(to.end(), {here + row_, here + row_ - pixel_, here + row_ + pixel_});
  }
  for (std::size_t on = 1; channel + on < channels_ && on <= 2; ++on) {
    const std::size_t ahead = on * sample_;
    to.push_back(pixel_ - ahead);
    if (row_ > 0) to.insert(to.end(), {row_ - ahead, row_ + pixel_ - ahead});
  }
}

}  // namespace evalzip
