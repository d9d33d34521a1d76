#include "codecs/llm/token_walk.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "codecs/context/squash.h"
#include "codecs/llm/natural_logarithm.h"

namespace evalzip {
namespace {

// Counts that are none weigh as much as 1/256: a certain bit has the largest odds.
int odds_of(std::uint64_t one, std::uint64_t zero) {
  const std::int64_t difference =
      natural_logarithm((one << 8) + 1) - natural_logarithm((zero << 8) + 1);
  const auto odds = static_cast<int>((difference + (1 << 11)) >> 12);
  return std::clamp(odds, -kMostStretch, kMostStretch);
}

}  // namespace

void TokenWalk::begin(const SortedVocabulary& vocabulary, const SortedCounts& counts) {
  vocabulary_ = &vocabulary;
  counts_ = &counts;
  range_ = vocabulary.all();
  open_byte();
}

void TokenWalk::open_byte() {
  first_longer_ = vocabulary_->first_longer(range_);
  ended_ = counts_->sum(range_.begin, first_longer_);
  bits_ = {first_longer_, range_.end, range_.depth};
  node_ = 1;
  open_bit();
}

void TokenWalk::open_bit() {
  const unsigned known = static_cast<unsigned>(std::bit_width(node_)) - 1;
  split_ = vocabulary_->first_from(bits_, (2 * node_ + 1) << (7 - known) & 255u);
  log_odds_ = odds_of(counts_->sum(split_, bits_.end), counts_->sum(bits_.begin, split_));
}

std::optional<bool> TokenWalk::certain_bit() const {
  if (split_ == bits_.begin) return true;
  if (split_ == bits_.end) return false;
  return std::nullopt;
}

void TokenWalk::take_bit(bool bit) {
  (bit ? bits_.begin : bits_.end) = split_;
  node_ = 2 * node_ + (bit ? 1 : 0);
  if (node_ < 256) open_bit();
}

void TokenWalk::take(std::uint8_t byte) {
  range_ = vocabulary_->narrowed(range_, byte);
  open_byte();
}

int TokenWalk::end_log_odds() const {
  return odds_of(ended_, counts_->sum(first_longer_, range_.end));
}

double TokenWalk::bits() const {
  return std::log2(static_cast<double>(counts_->total()) / static_cast<double>(ended_));
}

}  // namespace evalzip
