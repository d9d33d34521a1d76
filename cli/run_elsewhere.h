// `evalzip run` with another executor than this machine: the cells of the run are planned here, and
// measured by tasks that share nothing but a folder beside the result file.
#pragma once

#include "cli/program.h"
#include "cli/run_options.h"

namespace evalzip {

// Whether these flags are of such a run, or resume one.
bool runs_elsewhere(const RunOptions& options);

// Returns the exit code. Throws what planning throws, SlurmError, and std::invalid_argument for
// flags that do not go together.
int run_elsewhere(const RunOptions& options, Program& program);

}  // namespace evalzip
