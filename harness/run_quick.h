// The JSON of a run as format_run writes it -> Run, at hundreds of megabytes a second.
#pragma once

#include <optional>
#include <string>

#include "harness/record.h"

namespace evalzip {

// Absent where anything is not as written by this program: bad JSON, other fields, another order of
// fields, a value of another type. parse_run then says what is wrong, if anything is. What is not
// absent is what parse_run reads.
std::optional<Run> read_run_quickly(const std::string& json);

}  // namespace evalzip
