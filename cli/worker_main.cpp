// The process in which a run lets a codec work. A program of its own, because it starts some
// hundred times a minute and the libraries that only `evalzip` needs (downloads, archives) would
// take the dynamic linker 30 ms each time.
#include <cstdio>
#include <exception>

#include "cli/exit_code.h"
#include "harness/worker.h"

int main() {
  try {
    return evalzip::run_worker();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "evalzip worker: %s\n", error.what());
    return evalzip::kExitUsage;
  }
}
