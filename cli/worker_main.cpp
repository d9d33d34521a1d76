// The process in which a run lets a codec work. A program of its own, because it starts some
// hundred times a minute and the libraries that only `evalzip` needs (downloads, archives) would
// take the dynamic linker 30 ms each time.
#include <cstdio>
#include <exception>

#include "cli/exit_code.h"
#include "cli/installed_codecs.h"
#include "harness/this_program.h"
#include "harness/worker.h"

int main() {
  using namespace evalzip;
  try {
    return run_worker(installed_codecs(this_program().parent_path()).codecs);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "evalzip worker: %s\n", error.what());
    return kExitUsage;
  }
}
