// A change of speed counts only if a second, fresh round of measurements shows it too.
#pragma once

#include <set>

#include "tracking/comparison.h"

namespace evalzip {

// Cells in which a metric with samples regressed or improved.
std::set<CellName> cells_to_confirm(const Comparison& comparison);

// `again` compares fresh measurements of those cells. What it does not confirm becomes
// inconclusive and says what each round showed.
void confirm(Comparison& comparison, const Comparison& again);

}  // namespace evalzip
