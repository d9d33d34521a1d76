#include "codecs/llm/thread_team.h"

#include <utility>

namespace evalzip {
namespace {

constexpr int kSpins = 4000;
constexpr int kYields = 200;

// Until `value` is no longer `old`.
template <class T>
void await_change(const std::atomic<T>& value, T old) {
  for (int i = 0; i < kSpins + kYields; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    if (i >= kSpins) std::this_thread::yield();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadTeam::ThreadTeam(unsigned threads) {
  for (unsigned thread = 1; thread < threads; ++thread) {
    others_.emplace_back([this, thread] { serve(thread); });
  }
}

ThreadTeam::~ThreadTeam() {
  stopping_ = true;
  round_.fetch_add(1);
  round_.notify_all();
  for (std::thread& other : others_) other.join();
}

// The order of round_ and busy_ is that of one sequence: whoever is counted busy before the round
// is closed is waited for, and whoever is counted later finds it closed.
void ThreadTeam::run(const Loop& loop) {
  if (others_.empty() || loop.count == 1) {
    for (std::size_t index = 0; index < loop.count; ++index) loop.call(loop.context, index, 0);
    return;
  }
  loop_ = loop;
  next_.store(0, std::memory_order_relaxed);
  round_.fetch_add(1);
  round_.notify_all();
  take_part(0);
  round_.fetch_add(1);
  for (std::size_t busy = busy_.load(); busy != 0; busy = busy_.load()) await_change(busy_, busy);
  if (error_ != nullptr) std::rethrow_exception(std::exchange(error_, nullptr));
}

void ThreadTeam::take_part(unsigned thread) {
  const Loop loop = loop_;
  for (;;) {
    const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
    if (index >= loop.count) return;
    try {
      loop.call(loop.context, index, thread);
    } catch (...) {
      keep(std::current_exception());
      next_.store(loop.count, std::memory_order_relaxed);
    }
  }
}

void ThreadTeam::keep(std::exception_ptr error) {
  const std::lock_guard lock(error_mutex_);
  if (error_ == nullptr) error_ = std::move(error);
}

void ThreadTeam::serve(unsigned thread) {
  unsigned round = 0;
  for (;;) {
    await_change(round_, round);
    busy_.fetch_add(1);
    round = round_.load();
    if (round % 2 == 1 && !stopping_) take_part(thread);
    busy_.fetch_sub(1);
    busy_.notify_one();
    if (stopping_) return;
  }
}

}  // namespace evalzip
