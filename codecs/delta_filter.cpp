#include "codecs/delta_filter.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace evalzip {
namespace {

template <class Sample>
Sample load(const std::byte* from) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < sizeof(Sample); ++i) {
    value |= std::to_integer<std::uint32_t>(from[i]) << (8 * i);
  }
  return static_cast<Sample>(value);
}

template <class Sample>
void store(Sample value, std::byte* to) {
  for (unsigned i = 0; i < sizeof(Sample); ++i) {
    to[i] = static_cast<std::byte>(std::uint32_t{value} >> (8 * i) & 0xff);
  }
}

// Differences of a difference are the residuals of the straight line, and so on: each order is one
// pass. A pass runs from the last sample to the first, so that it can be done in place.
template <class Sample>
void difference(MutableBytes bytes, std::size_t stride) {
  const std::size_t back = stride * sizeof(Sample);
  const std::size_t whole = bytes.size() / sizeof(Sample) * sizeof(Sample);
  for (std::size_t at = whole; at >= back + sizeof(Sample); at -= sizeof(Sample)) {
    std::byte* sample = &bytes[at - sizeof(Sample)];
    store(static_cast<Sample>(load<Sample>(sample) - load<Sample>(sample - back)), sample);
  }
}

template <class Sample>
void sum(MutableBytes bytes, std::size_t stride) {
  const std::size_t back = stride * sizeof(Sample);
  for (std::size_t at = back; at + sizeof(Sample) <= bytes.size(); at += sizeof(Sample)) {
    std::byte* sample = &bytes[at];
    store(static_cast<Sample>(load<Sample>(sample) + load<Sample>(sample - back)), sample);
  }
}

}  // namespace

void apply_delta(const DeltaFilter& filter, Bytes input, MutableBytes residuals) {
  assert(residuals.size() == input.size() && filter.stride > 0);
  std::copy(input.begin(), input.end(), residuals.begin());
  for (unsigned pass = 0; pass < filter.order; ++pass) {
    if (filter.width == 1) difference<std::uint8_t>(residuals, filter.stride);
    if (filter.width == 2) difference<std::uint16_t>(residuals, filter.stride);
    if (filter.width == 4) difference<std::uint32_t>(residuals, filter.stride);
  }
}

void undo_delta(const DeltaFilter& filter, MutableBytes bytes) {
  assert(filter.stride > 0);
  for (unsigned pass = 0; pass < filter.order; ++pass) {
    if (filter.width == 1) sum<std::uint8_t>(bytes, filter.stride);
    if (filter.width == 2) sum<std::uint16_t>(bytes, filter.stride);
    if (filter.width == 4) sum<std::uint32_t>(bytes, filter.stride);
  }
}

}  // namespace evalzip
