// A suite -> the plan of its cells.
#pragma once

#include "cli/program.h"
#include "cli/run_progress.h"
#include "cli/suite.h"
#include "harness/plan_file.h"

namespace evalzip {

// One run as a suite of its own.
Suite suite_of(const RunOptions& options);

// Opens the corpora, finds the models and asks each codec whether it accepts its parameters, so
// that nothing is found out on a cluster that could be known here. Adds commands that the suite
// defines to the program's codecs. Cells have resources and estimates. Throws what these steps
// throw, and std::invalid_argument for flags that make no sense for cells apart.
WidePlan plan_suite(Suite suite, const std::vector<Run>& earlier, Program& program,
                    StatusLine& line);

}  // namespace evalzip
