// Large tables of zeros that the operating system provides, in huge pages where it can.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace evalzip {

// Owns `size` bytes, zero at first, aligned to a cache line and more. Pages cost memory from when
// they are first touched. Throws std::bad_alloc.
class ZeroedMemory {
 public:
  ZeroedMemory() = default;
  explicit ZeroedMemory(std::size_t size);
  ZeroedMemory(ZeroedMemory&& other) noexcept;
  ZeroedMemory& operator=(ZeroedMemory&& other) noexcept;
  ZeroedMemory(const ZeroedMemory&) = delete;
  ZeroedMemory& operator=(const ZeroedMemory&) = delete;
  ~ZeroedMemory();

  std::uint8_t* begin() const { return begin_; }
  std::size_t size() const { return size_; }

 private:
  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  std::uint8_t* begin_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace evalzip
