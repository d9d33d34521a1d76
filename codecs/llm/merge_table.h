// Which neighbouring tokens byte-pair encoding joins, and in what order.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "codecs/entropy_model.h"

namespace evalzip {

// Two neighbours become one. Lower ranks come first.
struct Merge {
  Symbol left, right;
  std::uint32_t rank;
  Symbol result;
};

// A hash table of merges. Immutable, so any number of threads may ask it.
class MergeTable {
 public:
  // Of several merges of one pair the first counts.
  explicit MergeTable(std::span<const Merge> merges);

  // Null if the two are not joined.
  const Merge* find(Symbol left, Symbol right) const {
    for (std::size_t slot = slot_of(left, right);; slot = (slot + 1) & mask_) {
      const Merge& merge = slots_[slot];
      if (merge.rank == kEmpty) return nullptr;
      if (merge.left == left && merge.right == right) return &merge;
    }
  }

  std::uint64_t memory_bytes() const { return slots_.capacity() * sizeof(Merge); }

 private:
  static constexpr std::uint32_t kEmpty = std::numeric_limits<std::uint32_t>::max();

  std::size_t slot_of(Symbol left, Symbol right) const {
    // Fibonacci hashing (Knuth, 1973): the product's high bits depend on all of the pair.
    const std::uint64_t pair = std::uint64_t{left} << 32 | right;
    const std::uint64_t folded = (pair ^ pair >> 29) * 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(folded >> 32) & mask_;
  }

  std::vector<Merge> slots_;  // at most half full
  std::size_t mask_ = 0;
};

// Joins neighbours until no two of them have a merge: always the pair of the lowest rank, of equal
// ones the leftmost. `symbols` shrinks in place. O(n log n) time, O(n) memory.
void merge_symbols(const MergeTable& table, std::vector<Symbol>& symbols);

// The two ways in which merge_symbols() does it, for short and for long sequences: one looks
// through all pairs at each step, one keeps them in a heap. They give the same result.
void merge_by_scanning(const MergeTable& table, std::vector<Symbol>& symbols);
void merge_by_heap(const MergeTable& table, std::vector<Symbol>& symbols);

}  // namespace evalzip
