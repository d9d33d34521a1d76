#include "codecs/kt_model.h"

#include <utility>

namespace evalzip {
namespace {

constexpr std::size_t kFirstSize = 1 << 12;
constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15u;  // 2^64 / golden ratio: Knuth, 1973

}  // namespace

KtModel::KtModel(unsigned order)
    : context_mask_((std::uint64_t{1} << 8 * order) - 1), entries_(kFirstSize) {
  find_place();
}

// Linear probing; node_ is never 0, so neither is a key.
std::size_t KtModel::place_of(std::uint64_t key) const {
  std::size_t place = (key * kMultiplier >> 20) & (entries_.size() - 1);
  while (entries_[place].key != 0 && entries_[place].key != key) {
    place = (place + 1) & (entries_.size() - 1);
  }
  return place;
}

void KtModel::grow() {
  std::vector<Entry> old(2 * entries_.size());
  std::swap(old, entries_);
  for (const Entry& entry : old) {
    if (entry.key != 0) entries_[place_of(entry.key)] = entry;
  }
}

void KtModel::find_place() {
  place_ = place_of(key());
  if (entries_[place_].key != 0) return;
  if (++used_ * 4 > entries_.size() * 3) {
    grow();
    place_ = place_of(key());
  }
  entries_[place_].key = key();
}

void KtModel::update(Symbol bit) {
  entries_[place_].bit.update(bit);
  node_ = node_ << 1 | bit;
  if (node_ >= 256) {
    history_ = history_ << 8 | (node_ & 255);
    node_ = 1;
  }
  find_place();
}

}  // namespace evalzip
