// Comma-separated values (RFC 4180): one line for each row, absolute numbers with a decimal point
// and nothing else in their fields, an empty field where there is none.
#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

#include <fmt/format.h>

#include "reports/escape.h"
#include "reports/pivot_sets.h"
#include "reports/report.h"
#include "reports/selection.h"

namespace evalzip {
namespace {

constexpr std::string_view kEnd = "\r\n";
constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();  // no column is ever NaN

std::vector<const Column*> columns_of(const ReportOptions& options) {
  std::vector<const Column*> columns;
  for (const std::string& name : options.columns) columns.push_back(&find_column(name));
  if (!columns.empty()) return columns;
  for (const Column& column : all_columns()) columns.push_back(&column);
  return columns;
}

void write_header(const std::vector<const Column*>& columns, const ReportOptions& options,
                  std::ostream& out) {
  out << "host,cpu,corpus,document,codec,version,block_bytes,threads,estimate,outcome,detail,"
         "documents_ok,documents";
  for (const Column* column : columns) {
    out << ',' << column->name;
    if (column->interval != nullptr) {
      out << ',' << column->name << "_low," << column->name << "_high";
    }
    if (!options.baseline.empty()) out << ',' << column->name << "_to_baseline";
  }
  out << kEnd;
}

void write_interval(const Row& row, const Column& column, std::ostream& out) {
  const auto interval = row.figures ? column.interval(*row.figures) : std::nullopt;
  if (interval) {
    out << fmt::format(",{},{}", interval->low, interval->high);
  } else {
    out << ",,";
  }
}

void write_value(const Row& row, const Column& column, std::ostream& out) {
  out << ',';
  if (row.figures) {
    const double value = column.value(*row.figures).value_or(kAbsent);
    const bool whole = column.notation == Notation::grouped;
    if (!std::isnan(value))
      out << (whole ? fmt::format("{:.0f}", value) : fmt::format("{}", value));
  }
  if (column.interval != nullptr) write_interval(row, column, out);
}

// Empty where the two are not of the same files.
std::string to_baseline(const PivotSet& set, const Row& row, const Column& column) {
  const Row* by = set.baseline;
  if (by == nullptr || row.estimate || !row.figures || !by->figures) return "";
  if (!std::ranges::equal(row.ok, by->ok, {}, &Record::document, &Record::document)) return "";
  const double value = column.value(*row.figures).value_or(kAbsent);
  const double unit = column.value(*by->figures).value_or(kAbsent);
  return !std::isnan(value) && unit > 0 ? fmt::format("{}", value / unit) : "";
}

class CsvWriter {
 public:
  CsvWriter(const std::vector<Run>& hosts, const ReportOptions& options, std::ostream& out)
      : hosts_(hosts), options_(options), columns_(columns_of(options)), out_(out) {}

  void write(const std::list<PivotSet>& sets) {
    write_header(columns_, options_, out_);
    for (const PivotSet& set : sets) {
      for (const Row& row : set.rows) write_row(set, row);
    }
  }

 private:
  void write_row(const PivotSet& set, const Row& row) {
    const Environment& environment = hosts_[set.host].environment;
    const Record& first = row.failed.empty() ? *row.ok.front() : *row.failed.front();
    for (const std::string& text :
         {environment.host, environment.cpu, set.corpus, set.document, row.codec, row.version}) {
      out_ << csv_field(text) << ',';
    }
    out_ << (row.block_bytes ? std::to_string(*row.block_bytes) : "") << ',' << row.threads << ','
         << (row.estimate ? "true" : "false") << ',' << to_string(first.outcome) << ','
         << csv_field(first.detail) << ',' << row.ok.size() << ',' << row.documents;
    for (const Column* column : columns_) {
      write_value(row, *column, out_);
      if (!options_.baseline.empty()) out_ << ',' << to_baseline(set, row, *column);
    }
    out_ << kEnd;
  }

  const std::vector<Run>& hosts_;
  const ReportOptions& options_;
  std::vector<const Column*> columns_;
  std::ostream& out_;
};

}  // namespace

void write_csv(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  const bool per_document =
      options.per_file || std::ranges::find(options.rows, "document") != options.rows.end();
  CsvWriter(hosts, options, out).write(pivot_sets(hosts, per_document, options.baseline));
}

}  // namespace evalzip
