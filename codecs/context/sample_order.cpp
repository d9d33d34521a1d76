#include "codecs/context/sample_order.h"

#include <algorithm>

namespace evalzip {
namespace {

constexpr std::uint8_t kSign = 0x80;

template <class Change>
void for_each_sample(std::span<std::uint8_t> bytes, std::size_t size, Change change) {
  for (; bytes.size() >= size; bytes = bytes.subspan(size)) change(bytes.first(size));
}

}  // namespace

void to_ordered_samples(std::span<std::uint8_t> bytes, const Segment& segment) {
  for_each_sample(bytes, segment.sample, [&](std::span<std::uint8_t> sample) {
    if (segment.little_endian) std::ranges::reverse(sample);
    if (segment.is_signed) sample.front() ^= kSign;
  });
}

void from_ordered_samples(std::span<std::uint8_t> bytes, const Segment& segment) {
  for_each_sample(bytes, segment.sample, [&](std::span<std::uint8_t> sample) {
    if (segment.is_signed) sample.front() ^= kSign;
    if (segment.little_endian) std::ranges::reverse(sample);
  });
}

}  // namespace evalzip
