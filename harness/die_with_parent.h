// Ties the life of a child process to its parent's.
#pragma once

#include <sys/types.h>

namespace evalzip {

// In the child, after fork: from now on it is killed when `parent` dies, even of SIGKILL. Where the
// platform has no such thing the child lives on until its own end. Async-signal-safe.
void die_with_parent(pid_t parent);

}  // namespace evalzip
