// Platform file: /proc is Linux; elsewhere getrusage's high-water mark must do.
#include "harness/peak_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace evalzip {
namespace {

// A line such as "VmHWM:     1234 kB" of a /proc file, in bytes.
std::optional<std::uint64_t> proc_bytes(const char* file, const std::string& field) {
  std::ifstream in(file);
  std::string name;
  while (in >> name) {
    std::uint64_t kilobytes = 0;
    if (name == field && in >> kilobytes) return kilobytes * 1024;
    in.clear();
    in.ignore(1 << 16, '\n');
  }
  return std::nullopt;
}

std::optional<std::uint64_t> high_water_mark() {
  if (const auto peak = proc_bytes("/proc/self/status", "VmHWM:")) return peak;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return std::nullopt;
#ifdef __APPLE__
  return static_cast<std::uint64_t>(usage.ru_maxrss);
#else
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
#endif
}

// Of the largest process that this one started and waited for; 0: there was none.
std::uint64_t childrens_high_water_mark() {
  rusage usage{};
  if (getrusage(RUSAGE_CHILDREN, &usage) != 0) return 0;
#ifdef __APPLE__
  return static_cast<std::uint64_t>(usage.ru_maxrss);
#else
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
#endif
}

std::optional<std::uint64_t> above(std::optional<std::uint64_t> now,
                                   std::optional<std::uint64_t> before) {
  if (!now || !before) return std::nullopt;
  return *now > *before ? *now - *before : 0;
}

}  // namespace

PeakMemory::PeakMemory() {
  // Linux lets a process reset its own high-water mark. Where that fails, the mark so far is what
  // the buffers, all touched, have set it to.
  std::ofstream reset("/proc/self/clear_refs");
  reset << "5" << std::flush;
  before_ = reset.good() ? proc_bytes("/proc/self/status", "VmRSS:") : high_water_mark();
}

std::optional<std::uint64_t> PeakMemory::bytes() const {
  const auto own = above(high_water_mark(), before_);
  if (!own) return own;
  return std::max(*own, childrens_high_water_mark());
}

std::optional<std::uint64_t> PeakMemory::retained_bytes() const {
  return above(proc_bytes("/proc/self/status", "VmRSS:"), before_);
}

MemoryLimit::MemoryLimit(std::uint64_t further_bytes) {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages[6] = {};
  for (std::uint64_t& field : pages) statm >> field;
  if (!statm) return;
  limit_ = pages[5] * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) + further_bytes;
  apply();
}

void MemoryLimit::allow(std::uint64_t bytes) {
  if (!limit_) return;
  *limit_ += bytes;
  apply();
}

void MemoryLimit::apply() const {
  rlimit limit{};
  getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = std::min<rlim_t>(*limit_, limit.rlim_max);
  setrlimit(RLIMIT_DATA, &limit);
}

std::optional<std::uint64_t> available_memory() {
  return proc_bytes("/proc/meminfo", "MemAvailable:");
}

}  // namespace evalzip
