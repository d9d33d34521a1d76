// Memory whose every byte outside is an unmapped page or a canary: a test's way to see a touch.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>

namespace evalzip {

// `size` bytes that end flush against a page that may not be touched: reading or writing past the
// end is a segmentation fault. The bytes before the buffer, back to another such page, hold a
// canary.
class GuardedBuffer {
 public:
  explicit GuardedBuffer(std::size_t size) : size_(size) {
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    inner_size_ = (size / page + 1) * page;
    mapped_size_ = inner_size_ + 2 * page;
    void* const mapped = mmap(nullptr, mapped_size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    mapped_ = static_cast<std::byte*>(mapped);
    if (mprotect(inner(), inner_size_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    std::ranges::fill(before(), kCanary);
  }

  explicit GuardedBuffer(std::span<const std::byte> contents) : GuardedBuffer(contents.size()) {
    std::ranges::copy(contents, bytes().begin());
  }

  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;
  ~GuardedBuffer() { munmap(mapped_, mapped_size_); }

  std::span<std::byte> bytes() const { return {inner() + inner_size_ - size_, size_}; }

  // Nothing was written just before the buffer.
  bool intact() const {
    return std::ranges::all_of(before(), [](std::byte byte) { return byte == kCanary; });
  }

 private:
  static constexpr std::byte kCanary{0xA5};

  std::byte* inner() const { return mapped_ + (mapped_size_ - inner_size_) / 2; }
  std::span<std::byte> before() const { return {inner(), inner_size_ - size_}; }

  std::size_t size_ = 0, inner_size_ = 0, mapped_size_ = 0;
  std::byte* mapped_ = nullptr;
};

}  // namespace evalzip
