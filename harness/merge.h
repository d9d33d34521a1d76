// Rounds of a cell -> its record.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/record.h"

namespace evalzip {

// Adds a later round of the same cell: samples are appended, peaks are the larger ones. A round
// that failed, or whose encoded bytes differ from the earlier ones', makes the whole cell fail, and
// a failed cell has no sizes and no times.
void merge_round(Record& into, const Record& round);

// The runs as one. Cells keep the order in which they first appear; the environment and settings
// are the first run's, with a warning for each later run that differs in host, CPU or commit,
// because such speeds should not be put together. Precondition: at least one run.
Run merge_runs(const std::vector<Run>& runs);

// Takes away what only outcome ok may have.
void keep_only_outcome(Record& record);

// Takes away the times and leaves the sizes.
void forget_times(Record& record);

void keep_larger(std::optional<std::uint64_t>& into, const std::optional<std::uint64_t>& other);

}  // namespace evalzip
