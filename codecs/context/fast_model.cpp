#include "codecs/context/fast_model.h"

#include <algorithm>

#include "codecs/context/context_hash.h"

namespace evalzip {
namespace {

constexpr unsigned kShortestMatch = 6;
constexpr unsigned kMapRate = 6;
constexpr std::size_t kMapContexts = 4096;
constexpr std::int32_t kInitialWeight = 14'000;  // in units of 2^-16
constexpr std::size_t kMatchInput = 6, kBiasInput = 7;
constexpr int kBiasLogOdds = 256;

// Rows of the mixer: how far a match reaches, and the node.
constexpr std::size_t kMatchRanges = 4, kMixerRows = kMatchRanges * 256;

std::size_t range_of(unsigned bucket) {
  if (bucket == 0) return 0;
  return bucket < 16 ? 1 : bucket < 22 ? 2 : 3;
}

}  // namespace

FastModel::FastModel(const std::uint8_t* bytes, Size size)
    : histories_(bit_histories()),
      history_{.bytes = bytes},
      lines_(size.line_bits),
      match_(kShortestMatch, size.match_bits),
      order_1_(65536),
      mixer_(kMixerRows, kInitialWeight),
      maps_{InterpolatedMap(1024), InterpolatedMap(kMapContexts)} {
  mixer_.set_input(kBiasInput, kBiasLogOdds);
}

std::size_t FastModel::bytes(Size size) {
  return LineTable::bytes(size.line_bits) + MatchModel::bytes(size.match_bits) +
         SmallMixer::bytes(kMixerRows) + InterpolatedMap::bytes(1024 + kMapContexts) + 65536;
}

void FastModel::begin(const Segment& segment) {
  segment_ = segment;
  open_byte();
}

std::array<std::uint32_t, FastModel::kLines> FastModel::context_hashes() {
  const auto before = static_cast<std::uint32_t>(history_.recent >> 32);
  std::uint32_t last_context = 0;
  if (segment_.content == Content::text) {
    const std::uint32_t byte = history_.last(1);
    const std::uint32_t small = byte - 'A' < 26u ? byte + 32 : byte;
    const bool letter = small - 'a' < 26u || byte >= 128;
    word_ = letter ? combine(word_, small) : 0;
    last_context = combine(word_, letter ? 0 : history_.last(2));
  } else if (segment_.width > 0) {
    last_context = combine(history_.back(segment_.width),
                           static_cast<std::uint32_t>(history_.position % segment_.width));
  } else {
    last_context = history_.last(4) & 0xffffff00u;
  }
  return {combine(history_.last(2), 2), combine(history_.last(3), 3), combine(history_.last(4), 4),
          combine(history_.last(4), before & 0xffffu, 6), combine(last_context, 7)};
}

void FastModel::open_byte() {
  node_ = 1;
  bits_known_ = 0;
  map_rows_ = combine(history_.last(2), 2);
  match_.look_ahead(history_);
  const std::array<std::uint32_t, kLines> hashes = context_hashes();
  for (const std::uint32_t hash : hashes) lines_.prefetch(hash);
  match_.next_byte(history_);
  for (std::size_t i = 0; i < kLines; ++i) {
    byte_lines_[i] = lines_.find(hashes[i]);
    nodes_[i] = LineTable::first_nibble(byte_lines_[i]);
  }
  nodes_[kLines] = &order_1_[history_.last(1) << 8];
  predict();
}

void FastModel::open_second_nibble() {
  for (std::size_t i = 0; i < kLines; ++i) {
    nodes_[i] = LineTable::second_nibble(byte_lines_[i], node_ & 15u);
  }
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

void FastModel::update(bool bit) {
  mixer_.update(bit);
  for (InterpolatedMap& map : maps_) map.update(bit, kMapRate);
  match_.update(bit);
  for (std::size_t i = 0; i < kContexts; ++i) {
    probabilities_[i].update(seen_[i], bit);
    nodes_[i][i < kLines ? place_ : node_] = histories_.next(seen_[i], bit);
  }
  node_ = node_ * 2 + (bit ? 1 : 0);
  ++bits_known_;
  if (bits_known_ == 8) return;
  if (bits_known_ == 4) open_second_nibble();
  predict();
}

void FastModel::predict() {
  const unsigned nibble_bits = bits_known_ & 3u;
  place_ = (node_ & ((1u << nibble_bits) - 1)) + (1u << nibble_bits) - 1;
  maps_[1].select((map_rows_ + node_) % kMapContexts);
  for (std::size_t i = 0; i < kContexts; ++i) {
    seen_[i] = nodes_[i][i < kLines ? place_ : node_];
    mixer_.set_input(i, probabilities_[i].log_odds(seen_[i]));
  }
  match_.prepare(node_, bits_known_);
  mixer_.set_input(kMatchInput,
                   match_.predicts() ? stretch(match_.probability().probability12()) : 0);
  const std::size_t match = range_of(match_.bucket());
  const int mixture = mixer_.mix(match * 256 + node_);
  maps_[0].select(match * 256 + node_);
  const std::uint32_t sum = maps_[0].refine(mixture) + 3 * maps_[1].refine(mixture);
  probability_ = std::clamp(sum / 4, 1u, (1u << kProbabilityBits) - 1);
}

}  // namespace evalzip
