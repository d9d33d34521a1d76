// The formats in which a run can be shown: one row each. A report is a function of the run alone:
// same run, same options, same bytes.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record.h"
#include "reports/columns.h"

namespace evalzip {

struct ReportOptions {
  std::vector<std::string> columns;  // names from columns.h; empty: the format's own choice
  std::string sort;                  // a column's name, best first, or "codec"; empty: as planned
  bool per_file = false;             // rows for each document before the totals
  bool colour = false;               // ANSI escapes
  std::size_t width = 100;           // terminal cells in a line
};

struct ReportFormat {
  std::string_view name;       // as the user types it: "table"
  std::string_view extension;  // of a file: "txt"
  std::string_view summary;
  // Throws ReportError for an unknown column. Writing errors are the stream's.
  void (*write)(const Run& run, const ReportOptions& options, std::ostream& out);
};

std::span<const ReportFormat> report_formats();

// Throws ReportError that lists the known names.
const ReportFormat& find_report_format(std::string_view name);

// The writers, one file each.
void write_table(const Run& run, const ReportOptions& options, std::ostream& out);
void write_json(const Run& run, const ReportOptions& options, std::ostream& out);
void write_gbench(const Run& run, const ReportOptions& options, std::ostream& out);
void write_benchmark_sizes(const Run& run, const ReportOptions& options, std::ostream& out);
void write_benchmark_times(const Run& run, const ReportOptions& options, std::ostream& out);
void write_bmf(const Run& run, const ReportOptions& options, std::ostream& out);
void write_openmetrics(const Run& run, const ReportOptions& options, std::ostream& out);

}  // namespace evalzip
