// The results of a plan's cells -> one run, as if one machine had made it.
#pragma once

#include <string>
#include <vector>

#include "harness/plan_file.h"
#include "harness/result_folder.h"

namespace evalzip {

struct MergedCells {
  Run run;  // every planned cell exactly once, in the plan's order; complete if all have results
  // Cells without a result, each with what is known of the reason.
  struct Lack {
    std::size_t cell;  // place in the plan
    std::string why;
  };
  std::vector<Lack> lacking;
  std::size_t strangers = 0;  // results of cells that are not in the plan
};

// Times are kept of the model of CPU that ran most cells; of cells that ran on another one the run
// has the sizes alone, and a warning says so: such times are never put side by side.
MergedCells merge_cells(const WidePlan& plan, const ResultFolder& results);

}  // namespace evalzip
