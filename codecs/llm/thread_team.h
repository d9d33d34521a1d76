// A few threads that share loops: what a forward pass needs several hundred times a second.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace evalzip {

// The caller is the first of the threads. Others spin for some microseconds between loops, then
// yield, then sleep: a barrier that only spins stops everything when another program runs. And no
// loop waits for a thread that has not begun with it: on a busy machine the caller does all itself.
class ThreadTeam {
 public:
  explicit ThreadTeam(unsigned threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  unsigned size() const { return static_cast<unsigned>(others_.size()) + 1; }

  // Calls work(index, thread) for every index < count, in any order, thread < size(), and returns
  // when all have returned. What one of them throws is thrown here then, and calls not yet begun
  // are left out. Not reentrant.
  template <class Work>
  void for_each(std::size_t count, Work&& work) {
    if (count == 0) return;
    using Function = std::remove_reference_t<Work>;
    run({.count = count,
         .context = const_cast<void*>(static_cast<const void*>(&work)),
         .call = [](void* context, std::size_t index, unsigned thread) {
           (*static_cast<Function*>(context))(index, thread);
         }});
  }

 private:
  struct Loop {
    std::size_t count;
    void* context;
    void (*call)(void* context, std::size_t index, unsigned thread);
  };

  void run(const Loop& loop);
  void take_part(unsigned thread);
  void keep(std::exception_ptr error);
  void serve(unsigned thread);

  std::vector<std::thread> others_;
  Loop loop_{};
  std::mutex error_mutex_;
  std::exception_ptr error_;
  std::atomic<bool> stopping_ = false;
  alignas(64) std::atomic<std::size_t> next_ = 0;
  alignas(64) std::atomic<unsigned> round_ = 0;    // odd while a loop may be joined
  alignas(64) std::atomic<std::size_t> busy_ = 0;  // others that may be at work
};

}  // namespace evalzip
