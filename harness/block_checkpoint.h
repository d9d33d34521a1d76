// A cell that takes hours, in parts: each a stretch of its blocks, encoded, decoded and compared,
// and kept before the next one begins. A killed cell goes on with its first missing part.
#pragma once

#include <optional>

#include "harness/cell_runner.h"
#include "harness/result_folder.h"
#include "harness/run.h"

namespace evalzip {

// Parts grow until one takes about this long, both directions.
struct CheckpointRule {
  double seconds = 60;
};

// Whether a plan of one cell can be run in parts: its document is cut into several blocks.
bool has_parts(const Plan& plan);

// Runs the plan's one cell. The encoded bytes so far lie in `encoded`, the parts' records in the
// journal; where they do not fit together, the parts behind are run again. There is one sample a
// direction: the sum of the parts, or none if parts ran on different models of CPU, which
// `same_cpu` says of the parts to come. Absent if the user interrupted. Throws std::system_error.
// Precondition: has_parts(plan).
std::optional<Run> run_in_parts(const Plan& plan, const RunControl& control,
                                const std::filesystem::path& encoded, bool same_cpu,
                                const CheckpointRule& rule);

}  // namespace evalzip
