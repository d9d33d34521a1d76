#include "codecs/context/match_model.h"

#include <algorithm>
#include <bit>

namespace evalzip {
namespace {

// Lengths up to 16 each for themselves, then ever wider ranges.
unsigned bucket_of(std::size_t length) {
  if (length < 16) return static_cast<unsigned>(length);
  if (length < 32) return 16 + static_cast<unsigned>(length - 16) / 4;
  return std::min(20 + static_cast<unsigned>(std::bit_width(length) - 6) * 2 +
                      static_cast<unsigned>(length >> (std::bit_width(length) - 2) & 1u),
                  MatchModel::kBuckets - 1);
}

}  // namespace

MatchModel::MatchModel(unsigned minimum, unsigned index_bits)
    : minimum_(minimum), shift_(32 - index_bits), index_(bytes(index_bits)) {
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    learned_[i] = AdaptiveProbability(i % 2 == 1 ? 49152 : 16384);
  }
}

std::uint32_t MatchModel::hash_of(const ByteHistory& history) const {
  const std::uint64_t last =
      minimum_ >= 8 ? history.recent : history.recent & ((std::uint64_t{1} << 8 * minimum_) - 1);
  std::uint64_t before = 0;
  for (unsigned i = 9; i <= minimum_; ++i) before = before << 8 | history.back(i);
  const std::uint64_t hash = (last + before * 0x2F0B4C4785EBCA6Bu) * 0x9E3779B97F4A7C15u;
  return static_cast<std::uint32_t>(hash >> 32) >> shift_;
}

std::size_t MatchModel::agreement(const ByteHistory& history, std::size_t place) {
  const std::size_t most = std::min({history.known_before(place), history.position, kLongest});
  const std::uint8_t* const there = history.bytes - history.origin + place;
  const std::uint8_t* const here = history.bytes + history.position;
  std::size_t length = 0;
  while (length < most && *(there - 1 - length) == *(here - 1 - length)) ++length;
  return length;
}

void MatchModel::next_byte(const ByteHistory& history) {
  const std::uint32_t last = history.last(1);
  if (length_ > 0 && (expected_ & 255u) == last) {
    length_ = std::min(length_ + 1, kLongest);
    ++place_;
  } else {
    length_ = 0;
  }
  // Where a segment begins this is called a second time at one place, and a match of the byte
  // before would go on with the byte that is not known yet.
  if (!history.knows(place_)) length_ = 0;
  if (history.position >= minimum_) {
    std::uint32_t& entry = index()[hash_];
    // A segment may begin where this was called before: the entry is then this place itself.
    if (length_ == 0 && entry != 0 && entry != history.place()) {
      place_ = entry;
      length_ = agreement(history, place_);
      if (length_ < minimum_ || !history.knows(place_)) length_ = 0;
    }
    entry = static_cast<std::uint32_t>(history.place());
  }
  expected_ = length_ > 0 ? history.byte_at(place_) + 256u : 0u;
  bucket_ = bucket_of(length_);
}

void MatchModel::skip_byte(const ByteHistory& history) {
  if (history.position < minimum_) return;
  index()[hash_of(history)] = static_cast<std::uint32_t>(history.place());
}

void MatchModel::forget() {
  length_ = 0;
  expected_ = 0;
  bucket_ = 0;
  used_ = nullptr;
}

}  // namespace evalzip
