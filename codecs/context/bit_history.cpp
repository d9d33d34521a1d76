#include "codecs/context/bit_history.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>
#include <vector>

namespace evalzip {
namespace {

constexpr unsigned kOrderedBits = 4;

// The most of the more frequent bit, by how many there are of the other.
constexpr std::array<unsigned, 7> kBounds = {48, 32, 16, 11, 8, 7, 0};

// `recent` holds the last bits, the last one lowest: all of them while there are at most
// kOrderedBits, one later.
struct History {
  unsigned zeros = 0, ones = 0, recent = 0;

  unsigned total() const { return zeros + ones; }
  auto key() const { return std::tuple(total(), zeros, ones, recent); }
  bool operator<(const History& other) const { return key() < other.key(); }
};

bool within_bounds(unsigned zeros, unsigned ones) {
  const unsigned few = std::min(zeros, ones), many = std::max(zeros, ones);
  return few < kBounds.size() && many <= kBounds[few];
}

// What is left of the count of one kind of bit when the other came.
unsigned aged(unsigned count) {
  if (count <= 2) return count;
  return std::min(3 + (count - 3) / 4, 8u);
}

History after(const History& history, unsigned bit) {
  History next = history;
  unsigned& same = bit == 1 ? next.ones : next.zeros;
  unsigned& other = bit == 1 ? next.zeros : next.ones;
  if (history.total() >= kOrderedBits - 1) other = aged(other);
  if (within_bounds(next.zeros + (1 - bit), next.ones + bit)) ++same;
  while (!within_bounds(next.zeros, next.ones)) --other;
  const bool ordered = next.total() <= kOrderedBits && next.total() == history.total() + 1;
  next.recent = ordered ? (history.recent << 1 | bit) & ((1u << kOrderedBits) - 1) : bit;
  return next;
}

}  // namespace

BitHistories::BitHistories() {
  std::map<History, unsigned> numbers{{History{}, 0}};
  std::vector<History> waiting{History{}};
  while (!waiting.empty()) {
    const History history = waiting.back();
    waiting.pop_back();
    for (const unsigned bit : {0u, 1u}) {
      const History next = after(history, bit);
      if (numbers.emplace(next, 0).second) waiting.push_back(next);
    }
  }
  for (auto& [history, number] : numbers) number = number_++;
  assert(number_ <= 256);
  for (const auto& [history, number] : numbers) {
    counts_[number] = {static_cast<std::uint8_t>(history.zeros),
                       static_cast<std::uint8_t>(history.ones)};
    for (const unsigned bit : {0u, 1u}) {
      next_[bit][number] = static_cast<std::uint8_t>(numbers.at(after(history, bit)));
    }
  }
}

const BitHistories& bit_histories() {
  static const BitHistories histories;
  return histories;
}

}  // namespace evalzip
