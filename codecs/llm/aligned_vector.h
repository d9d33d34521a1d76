// Vectors that begin where a cache line does, so that no load or store of 64 bytes crosses two
// lines.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace evalzip {

template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};

  LineAllocator() = default;
  template <class Other>
  explicit LineAllocator(const LineAllocator<Other>&) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kLine));
  }
  void deallocate(T* at, std::size_t) { ::operator delete(at, kLine); }

  bool operator==(const LineAllocator&) const = default;
};

template <class T>
using AlignedVector = std::vector<T, LineAllocator<T>>;

// The beginning of scratch memory that has grown, where it has to, to hold `count` values.
template <class T>
T* at_least(AlignedVector<T>& scratch, std::size_t count) {
  if (scratch.size() < count) scratch.resize(count);
  return scratch.data();
}

}  // namespace evalzip
