// Memory handed out piece by piece and taken back all at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace evalzip {

// Keeps what it has from one use to the next, so that the second costs neither the allocator nor
// the system's page faults. One instance per thread.
class Arena {
 public:
  // Uninitialised memory for `size` bytes, aligned for any type, until the next reset().
  void* allocate(std::size_t size) {
    size = (size + kAlignment - 1) / kAlignment * kAlignment;
    while (chunk_ < chunks_.size() && chunks_[chunk_].size - used_ < size) {
      ++chunk_;
      used_ = 0;
    }
    if (chunk_ == chunks_.size()) {
      const std::size_t room = std::max(size, kChunkBytes);
      chunks_.push_back({std::make_unique_for_overwrite<std::byte[]>(room), room});
    }
    void* const piece = chunks_[chunk_].bytes.get() + used_;
    used_ += size;
    return piece;
  }

  // Takes everything back; nothing is destroyed.
  void reset() { chunk_ = used_ = 0; }

 private:
  static constexpr std::size_t kAlignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
  static constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };

  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0;  // the one in use
  std::size_t used_ = 0;   // bytes of it
};

}  // namespace evalzip
