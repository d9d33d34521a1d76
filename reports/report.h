// The formats in which runs can be shown: one row each. A report is a function of the runs alone:
// same runs, same options, same bytes.
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
  // Of the pivot tables: which of codec, corpus and document make a row; empty: codec. Codec and
  // corpus go across if they do not; documents are added up.
  std::vector<std::string> rows;
  std::string baseline;              // a codec: numbers are shown as multiples of its own
  std::vector<std::string> filters;  // see selection.h
  std::string chart;                 // of svg, see charts.h; empty: the first there is
  unsigned refresh_seconds = 0;      // of html: the page asks for itself again; 0: it does not
};

struct ReportFormat {
  std::string_view name;       // as the user types it: "table"
  std::string_view extension;  // of a file: "txt"
  std::string_view summary;
  // Throws ReportError for an unknown column, filter, row, baseline or chart, and where a format
  // that shows one run is asked for several. Writing errors are the stream's.
  void (*write)(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
};

std::span<const ReportFormat> report_formats();

// Throws ReportError that lists the known names.
const ReportFormat& find_report_format(std::string_view name);

// The writers, one file each. These show one run:
void write_table(const Run& run, const ReportOptions& options, std::ostream& out);
void write_json(const Run& run, const ReportOptions& options, std::ostream& out);
void write_gbench(const Run& run, const ReportOptions& options, std::ostream& out);
void write_benchmark_sizes(const Run& run, const ReportOptions& options, std::ostream& out);
void write_benchmark_times(const Run& run, const ReportOptions& options, std::ostream& out);
void write_bmf(const Run& run, const ReportOptions& options, std::ostream& out);
void write_openmetrics(const Run& run, const ReportOptions& options, std::ostream& out);
// and these several, hosts kept apart:
void write_markdown(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
void write_csv(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
void write_latex(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
void write_latex_table(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
void write_latex_figure(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
void write_html(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
void write_artifact(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);
void write_svg(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);

}  // namespace evalzip
