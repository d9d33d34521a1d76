// Platform file: only Linux makes all pages of a mapping at once.
#include "harness/worker_buffer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace evalzip {
namespace {

constexpr std::byte kCanary{0xC5};

// A page fault for each page would take longer than many a codec.
#ifdef MAP_POPULATE
constexpr int kAllPagesAtOnce = MAP_POPULATE;
#else
constexpr int kAllPagesAtOnce = 0;
#endif

}  // namespace

WorkerBuffer::WorkerBuffer(std::size_t size)
    : size_(size), page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
  mapped_ = std::max<std::size_t>(1, (size + page_ - 1) / page_) * page_;
  void* memory = mmap(nullptr, mapped_ + page_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | kAllPagesAtOnce, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  begin_ = static_cast<std::byte*>(memory);
  mprotect(begin_ + mapped_, page_, PROT_NONE);
  for (std::size_t at = 0; at < mapped_; at += page_) begin_[at] = std::byte{0};
  std::fill(begin_ + size_, begin_ + mapped_, kCanary);
}

WorkerBuffer::~WorkerBuffer() { munmap(begin_, mapped_ + page_); }

void WorkerBuffer::make_read_only() { mprotect(begin_, mapped_, PROT_READ); }

std::size_t WorkerBuffer::damaged_canaries() const {
  return static_cast<std::size_t>(
      std::count_if(begin_ + size_, begin_ + mapped_, [](std::byte b) { return b != kCanary; }));
}

}  // namespace evalzip
