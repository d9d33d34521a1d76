#include "codecs/llm/merge_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <queue>

namespace evalzip {
namespace {

constexpr std::size_t kMostScanned = 48;  // where the heap begins to win
constexpr std::uint32_t kNoRank = std::numeric_limits<std::uint32_t>::max();

// A symbol in a doubly linked list that lies in a vector.
struct Node {
  Symbol symbol;
  std::uint32_t before, after;
  bool alive = true;
};
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// A pair that was neighbours when it was found, and may not be any more.
struct Candidate {
  std::uint32_t rank, place;  // of the left symbol
  Symbol left, right, result;

  friend bool operator>(const Candidate& a, const Candidate& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.place > b.place;
  }
};
using Heap = std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>;

class ListMerger {
 public:
  ListMerger(const MergeTable& table, std::span<const Symbol> symbols) : table_(table) {
    nodes_.reserve(symbols.size());
    for (const Symbol symbol : symbols) {
      const auto place = static_cast<std::uint32_t>(nodes_.size());
      nodes_.push_back({symbol, place == 0 ? kNone : place - 1, place + 1});
    }
    nodes_.back().after = kNone;
    for (std::uint32_t place = 0; place + 1 < nodes_.size(); ++place) add(place);
  }

  void run() {
    while (!heap_.empty()) {
      const Candidate best = heap_.top();
      heap_.pop();
      const Node& left = nodes_[best.place];
      if (!left.alive || left.symbol != best.left || left.after == kNone) continue;
      if (nodes_[left.after].symbol != best.right) continue;
      join(best);
    }
  }

  void write(std::vector<Symbol>& symbols) const {
    symbols.clear();
    for (const Node& node : nodes_) {
      if (node.alive) symbols.push_back(node.symbol);
    }
  }

 private:
  void add(std::uint32_t place) {
    const Node& left = nodes_[place];
    const Symbol right = nodes_[left.after].symbol;
    if (const Merge* merge = table_.find(left.symbol, right)) {
      heap_.push({merge->rank, place, left.symbol, right, merge->result});
    }
  }

  void join(const Candidate& pair) {
    Node& left = nodes_[pair.place];
    Node& right = nodes_[left.after];
    left.symbol = pair.result;
    right.alive = false;
    left.after = right.after;
    if (left.after != kNone) {
      nodes_[left.after].before = pair.place;
      add(pair.place);
    }
    if (left.before != kNone) add(left.before);
  }

  const MergeTable& table_;
  std::vector<Node> nodes_;
  Heap heap_;
};

}  // namespace

MergeTable::MergeTable(std::span<const Merge> merges)
    : slots_(std::bit_ceil(2 * merges.size() + 1), Merge{0, 0, kEmpty, 0}),
      mask_(slots_.size() - 1) {
  for (const Merge& merge : merges) {
    assert(merge.rank != kEmpty);
    if (find(merge.left, merge.right) != nullptr) continue;
    std::size_t slot = slot_of(merge.left, merge.right);
    while (slots_[slot].rank != kEmpty) slot = (slot + 1) & mask_;
    slots_[slot] = merge;
  }
}

void merge_by_scanning(const MergeTable& table, std::vector<Symbol>& symbols) {
  struct Found {
    std::uint32_t rank;
    Symbol result;
  };
  const auto look = [&](std::size_t i) -> Found {
    if (i + 1 >= symbols.size()) return {kNoRank, 0};
    const Merge* merge = table.find(symbols[i], symbols[i + 1]);
    return merge == nullptr ? Found{kNoRank, 0} : Found{merge->rank, merge->result};
  };
  std::vector<Found> found;  // of symbols[i] and the next
  for (std::size_t i = 0; i < symbols.size(); ++i) found.push_back(look(i));
  while (symbols.size() > 1) {
    const auto best = std::ranges::min_element(found, {}, &Found::rank);
    if (best->rank == kNoRank) break;
    const auto i = static_cast<std::size_t>(best - found.begin());
    symbols[i] = best->result;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    found.erase(best + 1);
    found[i] = look(i);
    if (i > 0) found[i - 1] = look(i - 1);
  }
}

void merge_by_heap(const MergeTable& table, std::vector<Symbol>& symbols) {
  assert(symbols.size() < kNone);
  if (symbols.size() < 2) return;
  ListMerger merger(table, symbols);
  merger.run();
  merger.write(symbols);
}

void merge_symbols(const MergeTable& table, std::vector<Symbol>& symbols) {
  if (symbols.size() <= kMostScanned) {
    merge_by_scanning(table, symbols);
  } else {
    merge_by_heap(table, symbols);
  }
}

}  // namespace evalzip
