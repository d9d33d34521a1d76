#include "bounds/suffix_array.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <span>

namespace evalzip {
namespace {

using Text = std::span<const std::int32_t>;
using Places = std::vector<std::int32_t>;

constexpr std::int32_t kNone = -1;

// Suffixes of a text over 0 .. alphabet-1. A suffix is small if it is less than the one after it
// and large otherwise; the last one is large, as if a symbol less than all others followed. Of each
// run of small suffixes the leftmost is marked: sorting the marked ones sorts all, by induction.
class SuffixSorter {
 public:
  SuffixSorter(Text text, std::int32_t alphabet)
      : text_(text), small_(text.size(), false), large_starts_(size(alphabet) + 1, 0) {
    for (std::size_t i = text.size() - 1; i-- > 0;) {
      small_[i] = text[i] < text[i + 1] || (text[i] == text[i + 1] && small_[i + 1]);
    }
    for (const std::int32_t symbol : text) ++large_starts_[size(symbol) + 1];
    std::partial_sum(large_starts_.begin(), large_starts_.end(), large_starts_.begin());
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (small_[i] && !small_[i - 1]) marked_.push_back(static_cast<std::int32_t>(i));
    }
  }

  Places sort() {
    induce(marked_);
    Places in_order;
    std::copy_if(sorted_.begin(), sorted_.end(), std::back_inserter(in_order),
                 [&](std::int32_t place) { return is_marked(place); });
    if (!in_order.empty()) induce(sort_marked(in_order));
    return std::move(sorted_);
  }

 private:
  static std::size_t size(std::int32_t number) { return static_cast<std::size_t>(number); }

  bool is_marked(std::int32_t place) const {
    return place > 0 && small_[size(place)] && !small_[size(place) - 1];
  }

  // Fills sorted_ from the marked suffixes: sorted by their first symbols alone, that sorts the
  // stretches between marks; sorted as suffixes, it sorts all suffixes.
  void induce(const Places& marked) {
    sorted_.assign(text_.size(), kNone);
    Places ends(large_starts_.begin() + 1, large_starts_.end());
    for (std::size_t i = marked.size(); i-- > 0;) {
      sorted_[size(--ends[size(text_[size(marked[i])])])] = marked[i];
    }
    Places starts(large_starts_.begin(), large_starts_.end() - 1);
    const auto place_large = [&](std::size_t at) {
      sorted_[size(starts[size(text_[at])]++)] = static_cast<std::int32_t>(at);
    };
    place_large(text_.size() - 1);
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const std::int32_t after = sorted_[i];
      if (after > 0 && !small_[size(after) - 1]) place_large(size(after) - 1);
    }
    ends.assign(large_starts_.begin() + 1, large_starts_.end());
    for (std::size_t i = text_.size(); i-- > 0;) {
      const std::int32_t after = sorted_[i];
      if (after <= 0 || !small_[size(after) - 1]) continue;
      sorted_[size(--ends[size(text_[size(after) - 1])])] = after - 1;
    }
  }

  // Marked suffixes in order, given them in the order of the stretches from mark to mark: equal
  // stretches get equal names, and the text of names is sorted in turn.
  Places sort_marked(const Places& by_stretch) const {
    Places name_at(text_.size(), kNone);
    std::int32_t names = 0;
    for (std::size_t i = 0; i < by_stretch.size(); ++i) {
      if (i > 0 && !same_stretch(by_stretch[i - 1], by_stretch[i])) ++names;
      name_at[size(by_stretch[i])] = names;
    }
    if (size(++names) == by_stretch.size()) return by_stretch;
    Places reduced;
    for (const std::int32_t place : marked_) reduced.push_back(name_at[size(place)]);
    name_at = {};
    Places order = SuffixSorter(reduced, names).sort();
    for (std::int32_t& place : order) place = marked_[size(place)];
    return order;
  }

  // From one mark to the next, both included; the stretch before the end is like no other.
  bool same_stretch(std::int32_t a, std::int32_t b) const {
    for (std::int32_t step = 0;; ++step) {
      const std::size_t i = size(a + step), j = size(b + step);
      if (i == text_.size() || j == text_.size() || text_[i] != text_[j]) return false;
      const bool a_ends = step > 0 && is_marked(a + step), b_ends = step > 0 && is_marked(b + step);
      if (a_ends || b_ends) return a_ends && b_ends;
    }
  }

  Text text_;
  std::vector<bool> small_;
  Places large_starts_;  // of the suffixes that begin with each symbol; small ones come after large
  Places marked_;        // in the order of the text
  Places sorted_;
};

}  // namespace

std::vector<std::int32_t> suffix_array(Bytes text) {
  assert(text.size() <= kLongestSuffixText);
  if (text.empty()) return {};
  Places symbols(text.size());
  std::transform(text.begin(), text.end(), symbols.begin(),
                 [](std::byte byte) { return std::to_integer<std::int32_t>(byte); });
  return SuffixSorter(symbols, 256).sort();
}

}  // namespace evalzip
