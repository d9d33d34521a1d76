// Which cells of a plan: as people type them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/plan_file.h"

namespace evalzip {

std::vector<std::size_t> all_cells(const WidePlan& plan);

// "3", "0-9,12": places from 0 on, in the order typed, at least one. Throws std::invalid_argument
// that names the flag and what may stand there.
std::vector<std::size_t> parse_cell_list(const std::string& text, std::size_t cells);

// "2/4": the second of four shares that every machine makes in the same way. The longest cells are
// dealt out first, so that shares take about as long. Throws as above.
std::vector<std::size_t> cells_of_shard(const std::string& text, const WidePlan& plan);

// The inverse of the first, as short as it gets: "0-9,12".
std::string format_cell_list(const std::vector<std::size_t>& cells);

}  // namespace evalzip
