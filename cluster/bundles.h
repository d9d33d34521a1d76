// Cells -> tasks of a batch system, which does not like to be asked a thousand times for a second.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/plan_file.h"

namespace evalzip {

// Tasks that ask for the same machine. A task runs its cells one after another.
struct TaskArray {
  ResourceClass resources;
  std::vector<std::vector<std::size_t>> tasks;  // places of cells in the plan
};

struct BundleRule {
  double seconds = 300;           // of work in a task, unless one cell alone is longer
  std::size_t most_tasks = 1000;  // of an array: a class with more has several
};

// One array for each resource class among the cells, in the plan's order, so that a task's cells
// share documents.
std::vector<TaskArray> bundle(const WidePlan& plan, const std::vector<std::size_t>& cells,
                              const BundleRule& rule);

}  // namespace evalzip
