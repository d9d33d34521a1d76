#include "cli/run_table.h"

#include <sstream>

namespace evalzip {

ReportOptions table_options(const RunOptions& options, const Program& program) {
  return {.columns = options.columns,
          .sort = options.sort,
          .per_file = options.per_file,
          .colour = program.colour,
          .width = program.width};
}

void check_table_options(const RunOptions& options) {
  std::ostringstream nowhere;
  write_table(Run{}, {.columns = options.columns, .sort = options.sort}, nowhere);
}

}  // namespace evalzip
