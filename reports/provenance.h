// Where and how a run was made, as lines of a table.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/record.h"

namespace evalzip {

// Name and text; the texts hold names as they came, not escaped for anything. What the run does not
// know is left out.
std::vector<std::pair<std::string_view, std::string>> provenance(const Run& run);

}  // namespace evalzip
