// What a scheduler gave this process.
#pragma once

#include "harness/record.h"

namespace evalzip {

// Says in the environment in which job of Slurm it is, on which of its nodes, how often restarted.
// Changes nothing outside Slurm.
void place_in_allocation(Environment& environment);

}  // namespace evalzip
