// What is said of a plan whose results were put together.
#pragma once

#include "cli/run_progress.h"
#include "harness/merge_cells.h"

namespace evalzip {

// Names the cells that failed and those that have no result, as far as a person will read.
void tell_of_cells(const WidePlan& plan, const MergedCells& merged, StatusLine& line);

// Wrong bytes before cells that have no result or failed.
int exit_code_of(const MergedCells& merged);

}  // namespace evalzip
