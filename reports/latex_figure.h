// Pareto fronts as pgfplots pictures.
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record.h"
#include "reports/pivot_sets.h"

namespace evalzip {

inline constexpr std::string_view kFigurePackages =
    "\\usepackage{pgfplots}\n\\pgfplotsset{compat=1.18}\n";

// One tikzpicture for each corpus, host and direction that has points: speeds on a logarithmic axis
// with the ends of their intervals, the front as a staircase, names where they cover nothing.
std::vector<std::string> latex_figures(const std::vector<Run>& hosts,
                                       const std::list<PivotSet>& totals);

}  // namespace evalzip
