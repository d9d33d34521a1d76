#include "codecs/context/fast_model.h"

#include "codecs/context/context_hash.h"

namespace evalzip {
namespace {

constexpr unsigned kShortestMatch = 6;
constexpr std::int16_t kInitialWeight = 3500;  // in units of 2^-14

// Of the contexts: odd, without a pattern, and unlike each other. A product's upper half depends on
// all bits of the context.
constexpr std::array<std::uint64_t, 5> kMultipliers = {0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu,
                                                       0x165667B19E3779F9u, 0xD6E8FEB86659FD93u,
                                                       0xA0761D6478BD642Fu};
constexpr std::uint64_t kWordMultiplier = 0x2127599BF4325C37u;

}  // namespace

FastModel::FastModel(const std::uint8_t* bytes, Size size)
    : histories_(bit_histories()),
      history_{.bytes = bytes},
      lines_(size.line_bits),
      match_(kShortestMatch, size.match_bits),
      order_1_(256 * kTableNodes),
      mixer_(kMixerRows, kInitialWeight),
      maps_{InterpolatedMap(kMixerRows), InterpolatedMap(kMapContexts)} {}

std::size_t FastModel::bytes(Size size) {
  return LineTable::bytes(size.line_bits) + MatchModel::bytes(size.match_bits) +
         SmallMixer::bytes(kMixerRows) + InterpolatedMap::bytes(kMixerRows + kMapContexts) +
         256 * kTableNodes;
}

void FastModel::begin(const Segment& segment) {
  segment_ = segment;
  open_byte();
}

std::array<std::uint64_t, FastModel::kLines> FastModel::context_hashes() {
  std::uint64_t last_context = 0;
  if (segment_.content == Content::text) {
    const std::uint32_t byte = history_.last(1);
    const std::uint32_t small = byte - 'A' < 26u ? byte + 32 : byte;
    const bool letter = small - 'a' < 26u || byte >= 128;
    word_ = letter ? (word_ + small + 1) * kWordMultiplier : 0;
    last_context = letter ? word_ : word_ + history_.last(2);
  } else if (segment_.width > 0) {
    last_context = combine(history_.back(segment_.width),
                           static_cast<std::uint32_t>(history_.position % segment_.width));
  } else {
    last_context = history_.last(4) & 0xffffff00u;
  }
  const std::uint64_t recent = history_.recent;
  return {(recent & 0xffffu) * kMultipliers[0], (recent & 0xffffffu) * kMultipliers[1],
          (recent & 0xffffffffu) * kMultipliers[2], (recent & 0xffffffffffffu) * kMultipliers[3],
          (last_context + 1) * kMultipliers[4]};
}

void FastModel::open_byte() {
  map_rows_ = combine(history_.last(2), 2);
  match_.look_ahead(history_);
  const std::array<std::uint64_t, kLines> hashes = context_hashes();
  for (const std::uint64_t hash : hashes) lines_.prefetch(hash);
  match_.next_byte(history_);
  for (std::size_t i = 0; i < kLines; ++i) {
    byte_lines_[i] = lines_.find(hashes[i]);
    nodes_[i] = LineTable::first_nibble(byte_lines_[i]);
  }
  nodes_[kLines] = &order_1_[history_.last(1) * kTableNodes];
}

void FastModel::open_second_nibble(std::uint32_t nibble) {
  for (std::size_t i = 0; i < kLines; ++i) {
    nodes_[i] = LineTable::second_nibble(byte_lines_[i], nibble & 15u);
  }
  nodes_[kLines] += nibble * 16 - 240;
}

void FastModel::next_byte() {
  history_.advance();
  open_byte();
}

void FastModel::skip(const Segment& segment) {
  for (std::size_t i = 0; i < segment.size; ++i) {
    history_.advance();
    if (segment.content == Content::stored) match_.skip_byte(history_);
  }
  match_.forget();
}

}  // namespace evalzip
