// Facts about this machine and this program that a reader of a result needs.
#pragma once

#include "codecs/registry.h"
#include "harness/record.h"

namespace evalzip {

// What can be found out is filled in, what cannot is left empty. started_utc is now; arguments and
// finished_utc are the caller's. Warnings name what makes timings doubtful here and what to do.
Environment this_environment(const Registry& registry);

// Now, as 2026-11-24T03:44:07Z.
std::string utc_now();

}  // namespace evalzip
