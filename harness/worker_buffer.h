// A buffer of a worker that notices when a codec writes outside it.
#pragma once

#include <cstddef>
#include <span>

namespace evalzip {

// `size` bytes of page-aligned memory, every page touched, so that no codec pays for page faults
// that another does not. Behind them lie canary bytes up to the end of the page, then a page that
// nobody may touch. Throws std::bad_alloc.
class WorkerBuffer {
 public:
  explicit WorkerBuffer(std::size_t size);
  ~WorkerBuffer();
  WorkerBuffer(const WorkerBuffer&) = delete;
  WorkerBuffer& operator=(const WorkerBuffer&) = delete;

  std::span<std::byte> bytes() { return {begin_, size_}; }
  std::span<const std::byte> bytes() const { return {begin_, size_}; }

  // The page behind the canaries that nobody may touch.
  std::span<const std::byte> guard() const { return {begin_ + mapped_, page_}; }

  // From now on a write to the buffer is a crash.
  void make_read_only();

  // How many canary bytes have been overwritten.
  std::size_t damaged_canaries() const;

 private:
  std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;  // multiple of the page size, without the guard page
  std::size_t page_ = 0;
};

}  // namespace evalzip
