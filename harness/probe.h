// The speed of each codec, found quickly, before a budget is divided.
#pragma once

#include "harness/cost_model.h"
#include "harness/run.h"

namespace evalzip {

// Lets every codec of the plan encode and decode a slice of the largest document once and tells
// `costs`. Does nothing for a plan so small that this would cost more than it saves. A codec that
// fails, or needs more than `seconds`, stays unobserved. False: the user interrupted.
bool observe_speeds(const Plan& plan, const RunControl& control, double seconds, CostModel& costs);

}  // namespace evalzip
