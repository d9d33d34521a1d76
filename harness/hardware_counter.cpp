// Platform file: the counters are Linux's perf_event.
#include "harness/hardware_counter.h"

#ifdef __linux__
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace evalzip {

#ifdef __linux__

namespace {

// -1 if there is no such counter or it is not allowed.
int open_counter() {
  perf_event_attr wanted{};
  wanted.size = sizeof wanted;
  wanted.type = PERF_TYPE_HARDWARE;
  wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
  wanted.disabled = 1;
  wanted.inherit = 1;
  wanted.exclude_kernel = 1;
  wanted.exclude_hv = 1;
  constexpr int kThisThread = 0, kAnyCpu = -1, kNoGroup = -1;
  return static_cast<int>(
      syscall(SYS_perf_event_open, &wanted, kThisThread, kAnyCpu, kNoGroup, PERF_FLAG_FD_CLOEXEC));
}

}  // namespace

bool has_hardware_counter() {
  const int descriptor = open_counter();
  if (descriptor < 0) return false;
  close(descriptor);
  return true;
}

FirstCallCounter::FirstCallCounter(bool wanted) : descriptor_(wanted ? open_counter() : -1) {}

FirstCallCounter::~FirstCallCounter() {
  if (descriptor_ >= 0) close(descriptor_);
}

void FirstCallCounter::start() { ioctl(descriptor_, PERF_EVENT_IOC_ENABLE, 0); }

void FirstCallCounter::stop() {
  ioctl(descriptor_, PERF_EVENT_IOC_DISABLE, 0);
  std::uint64_t count = 0;
  if (read(descriptor_, &count, sizeof count) == sizeof count) instructions_ = count;
  close(descriptor_);
  descriptor_ = -1;
}

#else

bool has_hardware_counter() { return false; }
FirstCallCounter::FirstCallCounter(bool) {}
FirstCallCounter::~FirstCallCounter() = default;
void FirstCallCounter::start() {}
void FirstCallCounter::stop() {}

#endif

}  // namespace evalzip
