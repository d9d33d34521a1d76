// A run.json named on the command line.
#pragma once

#include <string>

#include "harness/record.h"

namespace evalzip {

// `-` is standard input. Throws std::system_error or RecordError; the message names the file.
Run read_run(const std::string& file);

}  // namespace evalzip
