// The table that papers print: codecs down, corpora across, or as --rows says. The formats that
// show tables differ only in how they write this one.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "harness/record.h"
#include "reports/columns.h"
#include "reports/pivot_sets.h"
#include "reports/report.h"

namespace evalzip {

struct PivotColumn {
  std::string group;  // what all its cells share: "canterbury"; empty if there is but one group
  std::string host;   // "A", "B"...: of which machine; empty if there is but one
  const Column* column = nullptr;
};

struct PivotCell {
  std::optional<double> value;  // under a baseline: a multiple of the baseline's
  std::optional<Interval95> interval;
  bool best = false;     // or not told apart from the best by its interval
  bool partial = false;  // of fewer documents than the corpus has
  std::string failure;   // in the first cell of a group without a result: "crashed"
};

struct PivotRow {
  std::vector<std::string> labels;  // parallel to label_titles; printable
  bool estimate = false;            // from samples of the documents
  std::vector<PivotCell> cells;     // parallel to columns
};

struct Pivot {
  std::vector<std::string> label_titles;
  std::vector<PivotColumn> columns;
  std::vector<PivotRow> rows;
  std::string baseline;            // printable; empty: values are absolute
  std::vector<std::string> hosts;  // "A: name, processor", where there are several
  std::vector<std::string> notes;  // printable sentences below the table
};

// `hosts` are runs_by_host(). Rows stand in the order of the runs, or as options.sort says, those
// of estimates last. Throws ReportError for an unknown column, row dimension, sort or baseline.
Pivot pivot_of(const std::vector<Run>& hosts, const ReportOptions& options);

// The same from pivot_sets(hosts, rows_are_documents(options), options.baseline), for whoever has
// them already.
Pivot pivot_of(const std::vector<Run>& hosts, const ReportOptions& options,
               const std::list<PivotSet>& sets);
bool rows_are_documents(const ReportOptions& options);

// The number of a cell, empty if it has none: "2.546", or "1.031×" under a baseline.
std::string cell_number(const Pivot& pivot, const PivotColumn& column, const PivotCell& cell);

// Half the interval in percent of the value: "1.2"; empty if there is none.
std::string cell_percent(const PivotCell& cell);

}  // namespace evalzip
