// The instructions that a call executes, counted by the processor: where the kernel offers its
// counters, which virtual machines often lack.
#pragma once

#include <cstdint>
#include <optional>

namespace evalzip {

// Whether this process may count.
bool has_hardware_counter();

// Counts the first of the calls made through it, with the threads that the call starts, in user
// space only.
class FirstCallCounter {
 public:
  explicit FirstCallCounter(bool wanted);
  ~FirstCallCounter();
  FirstCallCounter(const FirstCallCounter&) = delete;
  FirstCallCounter& operator=(const FirstCallCounter&) = delete;

  template <class Call>
  auto around(const Call& call) {
    if (descriptor_ < 0) return call();
    start();
    auto result = call();
    stop();
    return result;
  }

  // Absent: not wanted, not possible, or nothing was called.
  std::optional<std::uint64_t> instructions() const { return instructions_; }

 private:
  void start();
  void stop();

  int descriptor_ = -1;  // of the counter; closed after the first call
  std::optional<std::uint64_t> instructions_;
};

}  // namespace evalzip
