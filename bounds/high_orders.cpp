// Every position of the document becomes a key: the five bytes before it, the nearest first, then
// its own. In the sorted list of keys the contexts of every order are runs of equal beginnings.
//
// The first two bytes choose one of 2^16 buckets, whose sizes are known from the counts of pairs,
// so a key takes four bytes of memory. As many buckets as fit are filled in one reading.
#include "bounds/high_orders.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <functional>
#include <thread>

#include "bounds/radix_sort.h"

namespace evalzip {
namespace {

constexpr std::size_t kBuckets = 1 << 16;
constexpr std::size_t kOrders = kHighestSortedOrder - kLowestSortedOrder + 1;

struct CountedKey {
  std::uint32_t key;  // third, fourth and fifth byte before, then the symbol
  std::uint64_t count;
};

// A run of buckets that is filled in one reading.
struct Group {
  std::size_t first = 0, end = 0;  // buckets
  std::uint64_t keys = 0;
};

std::vector<std::uint64_t> bucket_sizes(Bytes document, const PairCounts& pairs) {
  std::vector<std::uint64_t> sizes(kBuckets);
  for (std::size_t earlier = 0; earlier < 256; ++earlier) {
    for (std::size_t later = 0; later < 256; ++later) {
      sizes[later << 8 | earlier] = pairs[earlier << 8 | later];
    }
  }
  // The first symbol has zeros before it; behind the last pair there is no symbol.
  ++sizes[0];
  const auto last = static_cast<std::size_t>(document.back());
  const auto before =
      document.size() > 1 ? static_cast<std::size_t>(document[document.size() - 2]) : 0;
  --sizes[last << 8 | before];
  return sizes;
}

std::vector<Group> groups_of(const std::vector<std::uint64_t>& sizes, std::uint64_t most_keys) {
  std::vector<Group> groups(1);
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    Group& last = groups.back();
    if (last.keys > 0 && last.keys + sizes[bucket] > most_keys) {
      groups.push_back({bucket, bucket, 0});
    }
    groups.back().end = bucket + 1;
    groups.back().keys += sizes[bucket];
  }
  return groups;
}

// Calls take(bucket, key) for every position of the document.
template <class Take>
void for_each_key(Bytes document, Take take) {
  std::uint64_t before = 0;  // the nearest byte lowest
  for (const std::byte byte : document) {
    const auto symbol = static_cast<std::uint32_t>(byte);
    const auto bucket = static_cast<std::size_t>((before & 0xff) << 8 | (before >> 8 & 0xff));
    const auto key =
        static_cast<std::uint32_t>((before >> 16 & 0xff) << 24 | (before >> 24 & 0xff) << 16 |
                                   (before >> 32 & 0xff) << 8 | symbol);
    take(bucket, key);
    before = before << 8 | symbol;
  }
}

// The symbols after one context, in any order of coming.
class Successors {
 public:
  void add(std::uint32_t symbol, std::uint64_t count) {
    seen_[symbol >> 6] |= std::uint64_t{1} << (symbol & 63);
    counts_[symbol] += count;
  }
  void flush(ContextTally& tally) {
    std::size_t size = 0;
    for (std::uint32_t word = 0; word < seen_.size(); ++word) {
      for (std::uint64_t bits = seen_[word]; bits != 0; bits &= bits - 1) {
        const std::uint32_t symbol = word << 6 | static_cast<std::uint32_t>(std::countr_zero(bits));
        list_[size++] = {symbol, counts_[symbol]};
        counts_[symbol] = 0;
      }
      seen_[word] = 0;
    }
    if (size > 0) tally.add(std::span(list_).first(size));
  }

 private:
  std::array<std::uint64_t, 4> seen_{};
  std::array<std::uint64_t, 256> counts_{};
  std::array<SymbolCount, 256> list_;
};

// The tallies of one thread, fed with sorted keys bucket by bucket.
class SortedTallies {
 public:
  SortedTallies() : tallies_(kOrders) {}

  void add(const CountedKey& counted) {
    const std::uint32_t context = counted.key >> 8;
    if (any_ && context != context_) {
      flush(3);
      if (context >> 8 != context_ >> 8) flush(2);
      if (context >> 16 != context_ >> 16) flush(1);
    }
    any_ = true;
    context_ = context;
    for (Successors& successors : successors_) successors.add(counted.key & 0xff, counted.count);
  }
  void end_bucket() {
    for (std::size_t order = 0; order < kOrders; ++order) flush(order);
    any_ = false;
  }
  const std::vector<ContextTally>& tallies() const { return tallies_; }

 private:
  void flush(std::size_t order) { successors_[order].flush(tallies_[order]); }

  std::vector<ContextTally> tallies_;
  std::array<Successors, kOrders> successors_;
  std::uint32_t context_ = 0;
  bool any_ = false;
};

// Equal neighbours of a sorted list become one.
template <class Take>
void for_each_run(std::span<const std::uint32_t> sorted, Take take) {
  for (std::size_t at = 0; at < sorted.size();) {
    std::size_t end = at + 1;
    while (end < sorted.size() && sorted[end] == sorted[at]) ++end;
    take(CountedKey{sorted[at], end - at});
    at = end;
  }
}

std::vector<CountedKey> merged(const std::vector<CountedKey>& known,
                               std::span<const std::uint32_t> sorted) {
  std::vector<CountedKey> all;
  auto next = known.begin();
  for_each_run(sorted, [&](CountedKey run) {
    for (; next != known.end() && next->key < run.key; ++next) all.push_back(*next);
    if (next != known.end() && next->key == run.key) run.count += (next++)->count;
    all.push_back(run);
  });
  all.insert(all.end(), next, known.end());
  return all;
}

class GroupSorter {
 public:
  GroupSorter(Bytes document, const std::vector<std::uint64_t>& sizes, std::size_t most_keys)
      : document_(document), sizes_(sizes), most_keys_(most_keys) {}

  void run(const Group& group, SortedTallies& tallies) {
    if (group.keys == 0) return;
    const std::size_t room = std::min<std::uint64_t>(group.keys, most_keys_);
    keys_.resize(room);
    scratch_.resize(room);
    if (group.keys > most_keys_) {
      run_in_parts(group, tallies);
    } else {
      run_at_once(group, tallies);
    }
  }

 private:
  void run_at_once(const Group& group, SortedTallies& tallies) {
    std::vector<std::size_t> place(group.end - group.first + 1);
    for (std::size_t b = group.first; b < group.end; ++b) {
      place[b - group.first + 1] = place[b - group.first] + sizes_[b];
    }
    std::vector<std::size_t> next(place.begin(), place.end() - 1);
    for_each_key(document_, [&](std::size_t bucket, std::uint32_t key) {
      if (bucket - group.first < next.size()) keys_[next[bucket - group.first]++] = key;
    });
    for (std::size_t b = 0; b + 1 < place.size(); ++b) {
      const auto keys = std::span(keys_).subspan(place[b], place[b + 1] - place[b]);
      radix_sort(keys, scratch_);
      for_each_run(keys, [&](const CountedKey& run) { tallies.add(run); });
      tallies.end_bucket();
    }
  }

  // One bucket that does not fit: what repeats is counted part by part.
  void run_in_parts(const Group& group, SortedTallies& tallies) {
    std::vector<CountedKey> known;
    std::size_t size = 0;
    const auto drain = [&] {
      const auto keys = std::span(keys_).first(size);
      radix_sort(keys, scratch_);
      known = merged(known, keys);
      size = 0;
    };
    for_each_key(document_, [&](std::size_t bucket, std::uint32_t key) {
      if (bucket != group.first) return;
      if (size == keys_.size()) drain();
      keys_[size++] = key;
    });
    drain();
    for (const CountedKey& counted : known) tallies.add(counted);
    tallies.end_bucket();
  }

  Bytes document_;
  const std::vector<std::uint64_t>& sizes_;
  std::size_t most_keys_;
  std::vector<std::uint32_t> keys_, scratch_;
};

}  // namespace

PairCounts count_pairs(Bytes document) {
  // Two sets of counters: a pair that follows itself need not wait for its own last rise.
  constexpr std::size_t kPairs = 1 << 16;
  PairCounts even(kPairs), odd(kPairs);
  std::uint32_t earlier = 0;
  std::size_t i = 0;
  for (; i + 1 < document.size(); i += 2) {
    const auto middle = static_cast<std::uint32_t>(document[i]);
    const auto later = static_cast<std::uint32_t>(document[i + 1]);
    ++even[earlier << 8 | middle];
    ++odd[middle << 8 | later];
    earlier = later;
  }
  if (i < document.size()) ++even[earlier << 8 | static_cast<std::uint32_t>(document[i])];
  for (std::size_t pair = 0; pair < kPairs; ++pair) even[pair] += odd[pair];
  return even;
}

std::vector<ContextTally> sorted_orders(Bytes document, const PairCounts& pairs, unsigned threads,
                                        std::size_t memory_bytes) {
  std::vector<ContextTally> tallies(kOrders);
  if (document.empty()) return tallies;
  const std::vector<std::uint64_t> sizes = bucket_sizes(document, pairs);
  const std::size_t most_keys =
      std::max<std::size_t>(memory_bytes / (2 * sizeof(std::uint32_t) * threads), 1 << 16);
  // At least one group for every thread.
  const std::vector<Group> groups =
      groups_of(sizes, std::min<std::uint64_t>(most_keys, document.size() / threads + 1));
  std::atomic<std::size_t> next{0};
  std::vector<SortedTallies> of_thread(threads);
  const auto work = [&](SortedTallies& mine) {
    GroupSorter sorter(document, sizes, most_keys);
    for (std::size_t g = next++; g < groups.size(); g = next++) sorter.run(groups[g], mine);
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, std::ref(of_thread[t]));
  work(of_thread[0]);
  for (std::thread& other : others) other.join();
  for (const SortedTallies& mine : of_thread) {
    for (std::size_t order = 0; order < kOrders; ++order) tallies[order].add(mine.tallies()[order]);
  }
  return tallies;
}

}  // namespace evalzip
