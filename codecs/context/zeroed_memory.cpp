#include "codecs/context/zeroed_memory.h"

#include <sys/mman.h>

#include <memory>
#include <new>
#include <utility>

namespace evalzip {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

}  // namespace

// A random access to small pages misses the TLB as often as the cache. Linux gives huge pages to
// mappings that ask for them, where they are aligned; elsewhere nothing is lost.
ZeroedMemory::ZeroedMemory(std::size_t size) : size_(size) {
  if (size == 0) return;
  mapped_size_ = size + kHugePage;
  mapped_ = mmap(nullptr, mapped_size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped_ == MAP_FAILED) throw std::bad_alloc();
  void* aligned = mapped_;
  std::size_t room = mapped_size_;
  begin_ = static_cast<std::uint8_t*>(std::align(kHugePage, size, aligned, room));
  static_cast<void>(madvise(begin_, size, MADV_HUGEPAGE));
}

ZeroedMemory::ZeroedMemory(ZeroedMemory&& other) noexcept
    : mapped_(std::exchange(other.mapped_, nullptr)),
      mapped_size_(std::exchange(other.mapped_size_, 0)),
      begin_(std::exchange(other.begin_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

ZeroedMemory& ZeroedMemory::operator=(ZeroedMemory&& other) noexcept {
  std::swap(mapped_, other.mapped_);
  std::swap(mapped_size_, other.mapped_size_);
  std::swap(begin_, other.begin_);
  std::swap(size_, other.size_);
  return *this;
}

ZeroedMemory::~ZeroedMemory() {
  if (mapped_ != nullptr) munmap(mapped_, mapped_size_);
}

}  // namespace evalzip
