// The words around a table: where it was measured, how, and what its reader must know.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "harness/record.h"
#include "reports/report.h"

namespace evalzip {

// The line above a table: program, processor, system, compiler.
std::string table_heading(const Run& run);

// What the reader of any table of the run must know, most urgent first: what has no result, how it
// was measured, which rows are estimates, what the weights add.
struct Note {
  std::string text;
  bool warning = false;
};
std::vector<Note> notes_of(const Run& run);

// The lines below it: what has no result, the method, estimates, weights, and `left_out`: titles of
// the columns that the terminal had no room for.
void write_table_notes(const Run& run, const ReportOptions& options,
                       const std::vector<std::string>& left_out, std::ostream& out);

}  // namespace evalzip
