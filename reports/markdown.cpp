// The pivot table as GitHub-flavoured Markdown.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/escape.h"
#include "reports/pivot.h"
#include "reports/report.h"
#include "reports/selection.h"
#include "reports/table_notes.h"

namespace evalzip {
namespace {

std::string header(const PivotColumn& column) {
  std::string text = full_title(*column.column);
  if (!column.host.empty()) text = fmt::format("{} ({})", text, column.host);
  return column.group.empty() ? text : fmt::format("{}<br>{}", markdown_text(column.group), text);
}

std::string cell_text(const Pivot& pivot, const PivotColumn& column, const PivotCell& cell) {
  if (!cell.value) return cell.failure;
  std::string text = cell_number(pivot, column, cell);
  if (cell.best) text = fmt::format("**{}**", text);
  if (cell.partial) text += "\\*";
  const std::string percent = cell_percent(cell);
  return percent.empty() ? text : fmt::format("{} ±{}%", text, percent);
}

void write_line(std::ostream& out, const std::vector<std::string>& cells) {
  out << fmt::format("| {} |\n", fmt::join(cells, " | "));
}

}  // namespace

void write_markdown(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  const Pivot pivot = pivot_of(hosts, options);
  std::vector<std::string> titles = pivot.label_titles, rules(titles.size(), "---");
  for (const PivotColumn& column : pivot.columns) {
    titles.push_back(header(column));
    rules.emplace_back("---:");
  }
  write_line(out, titles);
  write_line(out, rules);
  for (const PivotRow& row : pivot.rows) {
    std::vector<std::string> cells;
    for (const std::string& label : row.labels) cells.push_back(markdown_text(label));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      cells.push_back(cell_text(pivot, pivot.columns[i], row.cells[i]));
    }
    write_line(out, cells);
  }
  out << '\n';
  for (const Run& run : hosts) out << "- " << markdown_text(table_heading(run)) << '\n';
  for (const std::string& host : pivot.hosts) out << "- " << markdown_text(host) << '\n';
  for (const std::string& note : pivot.notes) out << "- " << markdown_text(note) << '\n';
}

}  // namespace evalzip
