// The table that a run prints at its end.
#pragma once

#include "cli/program.h"
#include "cli/run_options.h"
#include "reports/report.h"

namespace evalzip {

ReportOptions table_options(const RunOptions& options, const Program& program);

// A wrong --columns or --sort must not be found out after the measurements: throws ReportError.
void check_table_options(const RunOptions& options);

}  // namespace evalzip
