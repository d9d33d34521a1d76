// Platform file: the parent-death signal is Linux.
#include "harness/die_with_parent.h"

#include <unistd.h>

#include <csignal>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace evalzip {

void die_with_parent(pid_t parent) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(127);  // it died before we asked
}

}  // namespace evalzip
