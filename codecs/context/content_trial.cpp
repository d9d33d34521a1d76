#include "codecs/context/content_trial.h"

#include <algorithm>
#include <vector>

#include "codecs/context/sample_order.h"
#include "codecs/context/strong_model.h"
#include "codecs/context/x86_filter.h"
#include "codecs/entropy_model.h"

namespace evalzip {
namespace {

constexpr std::size_t kLongestTrial = 48 << 10, kShortestTrial = 8 << 10;

}  // namespace

std::size_t trial_size(std::size_t size) {
  return std::clamp(size / 8, std::min(kShortestTrial, size), std::min(kLongestTrial, size));
}

bool TrialBudget::take(std::size_t sets, std::size_t bytes) {
  const std::size_t needed = sets * trial_size(bytes);
  if (bytes < kSmallestTried || needed > left_) return false;
  left_ -= needed;
  return true;
}

double trial_bits(std::span<const std::uint8_t> bytes, Segment segment) {
  const std::size_t size = trial_size(bytes.size());
  const std::size_t unit = std::max<std::size_t>(
      segment.content == Content::image ? segment.sample * segment.channels : segment.width, 1);
  const auto sample = bytes.subspan((bytes.size() - size) / 2 / unit * unit, size);
  std::vector<std::uint8_t> seen(sample.begin(), sample.end());
  segment.size = size;
  if (segment.content == Content::image) to_ordered_samples(seen, segment);
  if (segment.content == Content::x86) to_absolute_calls(seen);
  StrongModel model(seen.data(), StrongModel::Size::of_level(1, size), preferred_isa());
  CodeLengthMeter meter;
  model.begin(segment);
  for (const std::uint8_t byte : seen) {
    for (unsigned bit = 8; bit-- > 0;) {
      const bool one = (byte >> bit & 1u) != 0;
      meter.put_bit(one, model.probability_of_one(), StrongModel::kProbabilityBits);
      model.update(one);
    }
    model.next_byte();
  }
  return meter.bits();
}

}  // namespace evalzip
