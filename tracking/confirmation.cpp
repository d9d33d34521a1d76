#include "tracking/confirmation.h"

#include <algorithm>

#include <fmt/format.h>

#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

bool wants_confirmation(const Finding& finding) {
  return !finding.metric->deterministic &&
         (finding.verdict == Verdict::regressed || finding.verdict == Verdict::improved);
}

}  // namespace

std::set<CellName> cells_to_confirm(const Comparison& comparison) {
  std::set<CellName> cells;
  for (const Finding& finding : comparison.findings) {
    if (wants_confirmation(finding)) cells.insert(finding.cell);
  }
  return cells;
}

void confirm(Comparison& comparison, const Comparison& again) {
  for (Finding& finding : comparison.findings) {
    if (!wants_confirmation(finding)) continue;
    const auto second = std::ranges::find_if(again.findings, [&](const Finding& other) {
      return other.metric == finding.metric && other.cell == finding.cell;
    });
    if (second != again.findings.end() && second->verdict == finding.verdict) continue;
    const std::string then = second == again.findings.end()
                                 ? "had no result"
                                 : "showed " + change_words(second->ratio());
    finding.why =
        fmt::format("{} at first, but a second round {}", to_string(finding.verdict), then);
    finding.verdict = Verdict::inconclusive;
  }
  sort_findings(comparison.findings);
}

}  // namespace evalzip
