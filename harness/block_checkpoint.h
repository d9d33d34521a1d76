// A cell that takes hours, in parts: each a stretch of its blocks, encoded, decoded and compared,
// and kept before the next one begins. A killed cell goes on with its first missing part.
#pragma once

#include <optional>

#include "harness/cell_runner.h"
#include "harness/result_folder.h"
#include "harness/run.h"

namespace evalzip {

// Whether a plan of one cell can be run in parts: its document is cut into several blocks.
bool has_parts(const Plan& plan);

// Whether an outcome says something of the machine and nothing of the codec: elsewhere it may
// differ.
bool is_of_machine(const Record& record, const Settings& settings);

struct PartsRule {
  bool same_cpu = true;      // as the parts that are done: else the whole has no times
  double limit_seconds = 0;  // a cell that takes less is not worth it
  double part_seconds = 60;  // parts grow until one takes about this long, both directions
};

struct PartsEnd {
  std::optional<Run> run;        // absent: the user interrupted, or:
  bool short_after_all = false;  // the first part says that the cell takes less than the limit
};

// Runs the plan's one cell. The encoded bytes so far lie in `encoded`, the parts' records in the
// journal; where they do not fit together, the parts behind are run again. There is one sample a
// direction, the sum of the parts, and a warning that says so. What the machine prevented ends the
// run and is not in the journal, so that the parts before it stay of use. Throws std::system_error.
// Preconditions: has_parts(plan); the document is still the planned one.
PartsEnd run_in_parts(const Plan& plan, const RunControl& control,
                      const std::filesystem::path& encoded, const PartsRule& rule);

}  // namespace evalzip
