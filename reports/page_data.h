// What the script of the HTML page works on, as JSON.
#pragma once

#include <string>
#include <vector>

#include "harness/record.h"
#include "reports/pivot_sets.h"

namespace evalzip {

// Every row of totals with all its columns, every file of it with its outcome, sizes and median
// times. Of a script element: holds no "<".
std::string page_data(const std::vector<Run>& hosts, const std::list<PivotSet>& sets,
                      const CodecLabels& labels);

// Any JSON as text of a script element.
std::string script_json(std::string json);

}  // namespace evalzip
