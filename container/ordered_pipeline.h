// A pipeline with several workers whose results come out in the order in which the work went in.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace evalzip {

// One thread fills slots and drains them; `workers` threads work on those that are filled. There is
// a fixed number of slots, so that memory is bounded.
template <class Slot>
class OrderedPipeline {
 public:
  // work(worker, slot) is called from thread number `worker`. With `ahead` slots more than workers
  // (at least one) filling goes on while all workers work.
  OrderedPipeline(unsigned workers, unsigned ahead, std::function<void(unsigned, Slot&)> work)
      : work_(std::move(work)), jobs_(workers + ahead) {
    try {
      for (unsigned worker = 0; worker < workers; ++worker) {
        threads_.emplace_back([this, worker] { serve(worker); });
      }
    } catch (...) {
      stop();
      throw;
    }
  }

  ~OrderedPipeline() { stop(); }

  OrderedPipeline(const OrderedPipeline&) = delete;
  OrderedPipeline& operator=(const OrderedPipeline&) = delete;

  // Until fill(slot) says that there is no more. What fill or work throws is thrown after the
  // slots before it have been drained.
  void run(const std::function<bool(Slot&)>& fill, const std::function<void(Slot&)>& drain) {
    std::exception_ptr end;
    bool more = true;
    std::size_t filled = 0, drained = 0;
    while (more || drained < filled) {
      if (more && filled - drained < jobs_.size()) {
        try {
          more = fill(job(filled).slot);
        } catch (...) {
          end = std::current_exception();
          more = false;
        }
        if (more) submit(filled++);
      } else {
        drain(wait_for(drained++));
      }
    }
    if (end) std::rethrow_exception(end);
  }

 private:
  struct Job {
    Slot slot{};
    bool done = false;
    std::exception_ptr failure;
  };

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  Job& job(std::size_t index) { return jobs_[index % jobs_.size()]; }

  void submit(std::size_t index) {
    {
      const std::lock_guard lock(mutex_);
      job(index).done = false;
      submitted_ = index + 1;
    }
    changed_.notify_all();
  }

  Slot& wait_for(std::size_t index) {
    Job& awaited = job(index);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return awaited.done; });
    if (awaited.failure) std::rethrow_exception(awaited.failure);
    return awaited.slot;
  }

  void serve(unsigned worker) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || taken_ < submitted_; });
      if (stopping_) return;
      Job& mine = job(taken_++);
      lock.unlock();
      try {
        work_(worker, mine.slot);
      } catch (...) {
        mine.failure = std::current_exception();
      }
      lock.lock();
      mine.done = true;
      changed_.notify_all();
    }
  }

  std::function<void(unsigned, Slot&)> work_;
  std::vector<Job> jobs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t submitted_ = 0, taken_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace evalzip
