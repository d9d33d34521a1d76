// What the program tells its caller: the same for every command, documented in README and --help.
#pragma once

namespace evalzip {

enum ExitCode : int {
  kExitOk = 0,
  kExitRegression = 1,
  kExitUsage = 2,        // a bad request or environment: nothing (more) could be measured
  kExitCellsFailed = 3,  // some cells have no result: fault, crash, time-out, missing document...
  kExitIntegrity = 4,    // decoded bytes differ, or a file has the wrong hash
  kExitInconclusive = 5,
  kExitInterrupted = 130
};

}  // namespace evalzip
