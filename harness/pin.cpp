// Platform file: affinity is Linux.
#include "harness/pin.h"

#include <thread>
#ifdef __linux__
#include <sched.h>
#endif

namespace evalzip {

#ifdef __linux__

bool pin_to_cpu(unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (cpu >= CPU_SETSIZE) return false;
  CPU_SET(cpu, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

bool is_usable_cpu(unsigned cpu) {
  cpu_set_t set;
  return cpu < CPU_SETSIZE && sched_getaffinity(0, sizeof set, &set) == 0 && CPU_ISSET(cpu, &set);
}

unsigned usable_cpus() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

#else

bool pin_to_cpu(unsigned) { return false; }

bool is_usable_cpu(unsigned) { return false; }

unsigned usable_cpus() { return std::max(1u, std::thread::hardware_concurrency()); }

#endif

}  // namespace evalzip
