// A comparison for people at a terminal.
#include <algorithm>

#include <fmt/format.h>

#include "reports/printable.h"
#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

// Rows of a group beyond these are counted, not shown: the worst come first.
constexpr std::size_t kMostRows = 40;

std::string row(const Finding& finding) {
  return fmt::format("  {:<40} {:<20} {:<28} {}{}{}\n", finding.cell.text(), finding.metric->name,
                     interval_words(finding), value_words(finding),
                     finding.gates || !finding.why.empty() ? "" : "  (advisory)",
                     finding.why.empty() ? "" : "  (" + finding.why + ")");
}

template <class Wanted>
void write_findings(const Comparison& comparison, const char* title, Wanted wanted,
                    std::ostream& out) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(comparison.findings, wanted));
  if (count == 0) return;
  out << fmt::format("\n{} ({})\n", title, count);
  std::size_t shown = 0;
  for (const Finding& finding : comparison.findings) {
    if (wanted(finding) && shown++ < kMostRows) out << row(finding);
  }
  if (count > kMostRows) out << fmt::format("  ... and {} more\n", count - kMostRows);
}

auto of_verdict(Verdict verdict) {
  return [=](const Finding& finding) { return finding.verdict == verdict; };
}

// What was measured in turns is worth its interval even where nothing changed.
bool is_unchanged_time(const Finding& finding) {
  return finding.verdict == Verdict::unchanged && !finding.metric->deterministic;
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
  write_findings(comparison, "Regressed", of_verdict(Verdict::regressed), out);
  write_cells(comparison.remodelled, "Another model: it cannot decode the older bytes", out);
  write_cells(comparison.failed, "Without a result now", out);
  write_findings(comparison, "Improved", of_verdict(Verdict::improved), out);
  write_cells(comparison.added, "Added", out);
  write_cells(comparison.removed, "Removed", out);
  write_cells(comparison.other, "Not compared", out);
  write_cells(comparison.rewritten, "Encoded otherwise", out);
  write_findings(comparison, "Inconclusive", of_verdict(Verdict::inconclusive), out);
  if (comparison.in_turns) write_findings(comparison, "Times unchanged", is_unchanged_time, out);
  if (!comparison.means.empty()) {
    out << "\nGeometric mean of head / base, 95 % interval over cells\n";
  }
  for (const MetricMean& mean : comparison.means) {
    out << fmt::format("  {:<20} {:>11} [{}, {}], {} cells\n", mean.metric->name,
                       change_words(mean.ratio), change_words(mean.interval.low),
                       change_words(mean.interval.high), mean.cells);
  }
  out << "\n" << count_words(comparison) << "\n";
  for (const std::string& note : comparison.notes) out << "note: " << note << "\n";
}

}  // namespace evalzip
