// A comparison for people at a terminal.
#include <algorithm>

#include <fmt/format.h>

#include "reports/printable.h"
#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

// Rows of a group beyond these are counted, not shown: the worst come first.
constexpr std::size_t kMostRows = 40;

void write_findings(const Comparison& comparison, Verdict verdict, const char* title,
                    std::ostream& out) {
  const std::size_t count = comparison.count(verdict);
  if (count == 0) return;
  out << fmt::format("\n{} ({})\n", title, count);
  std::size_t shown = 0;
  for (const Finding& finding : comparison.findings) {
    if (finding.verdict != verdict || shown == kMostRows) continue;
    ++shown;
    out << fmt::format("  {:<40} {:<20} {:<28} {}{}{}\n", finding.cell.text(), finding.metric->name,
                       interval_words(finding), value_words(finding),
                       finding.gates || !finding.why.empty() ? "" : "  (advisory)",
                       finding.why.empty() ? "" : "  (" + finding.why + ")");
  }
  if (count > shown) out << fmt::format("  ... and {} more\n", count - shown);
}

void write_cells(const std::vector<CellNote>& cells, const char* title, std::ostream& out) {
  if (cells.empty()) return;
  out << fmt::format("\n{} ({})\n", title, cells.size());
  for (std::size_t i = 0; i < std::min(cells.size(), kMostRows); ++i) {
    out << fmt::format("  {:<40} {}\n", cells[i].cell.text(), printable(cells[i].detail));
  }
  if (cells.size() > kMostRows) out << fmt::format("  ... and {} more\n", cells.size() - kMostRows);
}

}  // namespace

void write_comparison_text(const Comparison& comparison, std::ostream& out) {
  out << fmt::format("{} -> {}: {} cells compared\n", printable(comparison.base),
                     printable(comparison.head), comparison.cells);
  write_cells(comparison.broken, "BROKEN: the bytes did not come back", out);
  write_findings(comparison, Verdict::regressed, "Regressed", out);
  write_cells(comparison.failed, "Without a result now", out);
  write_findings(comparison, Verdict::improved, "Improved", out);
  write_cells(comparison.added, "Added", out);
  write_cells(comparison.removed, "Removed", out);
  write_cells(comparison.other, "Not compared", out);
  write_cells(comparison.rewritten, "Encoded otherwise", out);
  write_findings(comparison, Verdict::inconclusive, "Inconclusive", out);
  out << "\nGeometric mean of head / base, 95 % interval over cells\n";
  for (const MetricMean& mean : comparison.means) {
    out << fmt::format("  {:<20} {:>11} [{}, {}], {} cells\n", mean.metric->name,
                       change_words(mean.ratio), change_words(mean.interval.low),
                       change_words(mean.interval.high), mean.cells);
  }
  out << "\n" << count_words(comparison) << "\n";
  for (const std::string& note : comparison.notes) out << "note: " << note << "\n";
}

}  // namespace evalzip
