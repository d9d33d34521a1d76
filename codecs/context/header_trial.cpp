#include "codecs/context/header_trial.h"

#include <algorithm>

#include "codecs/context/content_detector.h"
#include "codecs/context/content_trial.h"
#include "codecs/context/segment_list.h"

namespace evalzip {
namespace {

using Window = std::span<const std::uint8_t>;

constexpr std::size_t kWindow = std::size_t{1} << 16;
constexpr std::size_t kMostParts = 5;

double bits_without_header(Window part) {
  const std::size_t size = std::min(kWindow, part.size());
  const Segment other =
      detect_without_headers(part.subspan((part.size() - size) / 2, size)).front();
  if (other.content == Content::run) return 0;
  if (other.content == Content::stored) return 8.0 * static_cast<double>(trial_size(part.size()));
  return trial_bits(part, other);
}

// By a look at the middle.
bool are_samples(Window part, const Segment& image, std::size_t row, TrialBudget& budget) {
  const std::size_t size = std::min(2 * kWindow, part.size());
  const Window middle = part.subspan((part.size() - size) / 2 / row * row, size);
  if (!budget.take(2, size)) return !contradicts_samples(middle);
  return trial_bits(middle, image) < bits_without_header(middle);
}

// Parts of whole rows, each tried.
void append_parts(std::vector<Segment>& to, Window bytes, const Segment& image,
                  TrialBudget& budget) {
  const std::size_t parts = std::clamp<std::size_t>(bytes.size() / kWindow, 1, kMostParts);
  const std::size_t row =
      std::max<std::size_t>(image.width, std::size_t{image.sample} * image.channels);
  const std::size_t part = std::max(bytes.size() / parts / row * row, row);
  std::size_t settled = 0, begin = 0;
  bool last = true;
  const auto settle = [&](std::size_t end) {
    if (settled == end) return;
    Segment samples = image;
    samples.size = end - settled;
    if (last) append_segment(to, samples);
    if (!last) {
      for (const Segment& other : detect_without_headers(bytes.subspan(settled, end - settled))) {
        append_segment(to, other);
      }
    }
    settled = end;
  };
  while (begin < bytes.size()) {
    const std::size_t left = bytes.size() - begin;
    const std::size_t size = left < 2 * part ? left : part;
    const bool now = are_samples(bytes.subspan(begin, size), image, row, budget);
    if (now != last) settle(begin);
    last = now;
    begin += size;
  }
  settle(bytes.size());
}

}  // namespace

std::vector<Segment> try_samples(Window block, const std::vector<Segment>& segments,
                                 TrialBudget& budget) {
  std::vector<Segment> tried;
  for (const Segment& segment : segments) {
    if (segment.content == Content::image) {
      append_parts(tried, block.first(segment.size), segment, budget);
    } else {
      append_segment(tried, segment);
    }
    block = block.subspan(segment.size);
  }
  return tried;
}

}  // namespace evalzip
