// Krichevsky and Trofimov's estimator for the bytes after each context of a fixed order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/bit_models.h"
#include "codecs/entropy_model.h"

namespace evalzip {

// A model of the bits of bytes, most significant first: each binary decision of a byte has a KtBit
// of its own in every context, the `order` bytes before (zeros before the first). Exact: nothing is
// forgotten or shared, so the code length is a function of the counts alone, and the memory grows
// with the number of decisions seen, 16 to 40 bytes for each. Not thread-safe.
class KtModel {
 public:
  static constexpr unsigned kHighestOrder = 5;

  explicit KtModel(unsigned order);

  // As EntropyModel, for the next bit.
  std::uint32_t total() const { return entries_[place_].bit.total(); }
  Interval interval(Symbol bit) const { return entries_[place_].bit.interval(bit); }
  Symbol find(std::uint32_t point) const { return entries_[place_].bit.find(point); }
  void update(Symbol bit);

 private:
  struct Entry {
    std::uint64_t key = 0;  // 0: empty
    KtBit bit;
  };

  std::uint64_t key() const { return (history_ & context_mask_) << 8 | node_; }
  void find_place();
  std::size_t place_of(std::uint64_t key) const;
  void grow();

  std::uint64_t context_mask_;
  std::uint64_t history_ = 0;  // the nearest byte lowest
  unsigned node_ = 1;          // a one, then the bits of this byte
  std::vector<Entry> entries_;
  std::size_t used_ = 0;
  std::size_t place_ = 0;  // of the next bit
};

static_assert(EntropyModel<KtModel>);

}  // namespace evalzip
