// What the program tells its caller: the same for every command, documented in README and --help.
#pragma once

#include <vector>

#include "harness/record.h"

namespace evalzip {

inline constexpr int kExitOk = 0;
inline constexpr int kExitRegression = 1;
inline constexpr int kExitUsage = 2;  // bad request or environment: nothing (more) can be measured
// Some cells have no result: fault, crash, time-out, missing document...
inline constexpr int kExitCellsFailed = 3;
inline constexpr int kExitIntegrity = 4;  // decoded bytes differ, or a file has the wrong hash
inline constexpr int kExitInconclusive = 5;
inline constexpr int kExitInterrupted = 130;

// What a run's records say: wrong bytes before cells without a result; cells that were left out on
// purpose are neither.
int exit_code_of(const std::vector<Record>& records);
// As above, for a run that may have been interrupted.
int exit_code_of(const Run& run);

// Of --help and the manual page.
inline constexpr const char* kExitCodesInWords =
    "0 ok, 1 regression, 2 bad request or environment, 3 some cells have no result,\n"
    "4 wrong bytes (round trip or hash), 5 inconclusive under --strict, 130 interrupted.";

}  // namespace evalzip
