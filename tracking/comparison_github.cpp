// A comparison for GitHub: the summary of a step, a comment, annotations.
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "tracking/ci_escape.h"
#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

// GitHub refuses a step's summary above 1 MiB and a comment above 65,536 characters; both limits
// are kept with room for what other programs of the step add.
constexpr std::size_t kSummaryLimit = 900'000, kCommentLimit = 60'000;
// GitHub shows ten annotations of a kind in a step; more than ten in all nobody reads.
constexpr std::size_t kMostAnnotations = 10;

// Lines of Markdown up to a limit. A table is never cut inside a row.
class Page {
 public:
  explicit Page(std::size_t limit) : limit_(limit) {}

  void add(const std::string& lines) {
    constexpr std::size_t kRoomForTheNote = 200;
    if (text_.size() + lines.size() + kRoomForTheNote > limit_) {
      ++left_out_;
    } else {
      text_ += lines;
    }
  }

  std::string text() const {
    if (left_out_ == 0) return text_;
    return text_ + fmt::format("\n{} more lines do not fit here.\n", left_out_);
  }

 private:
  std::size_t limit_;
  std::string text_;
  std::size_t left_out_ = 0;
};

// As code: GitHub looks for people, issues and commits in all other text.
std::string cell_text(const CellName& cell) {
  return "<code>" + comment_text(cell.text()) + "</code>";
}

void add_findings(const Comparison& comparison, Verdict verdict, const char* title, Page& page) {
  if (comparison.count(verdict) == 0) return;
  page.add(fmt::format("\n### {}\n\n| cell | metric | change | values | |\n|---|---|---|---|---|\n",
                       title));
  for (const Finding& finding : comparison.findings) {
    if (finding.verdict != verdict) continue;
    page.add(fmt::format("| {} | {} | {} | {} | {} |\n", cell_text(finding.cell),
                         comment_text(finding.metric->name), comment_text(interval_words(finding)),
                         comment_text(value_words(finding)),
                         finding.gates ? comment_text(finding.why) : "advisory"));
  }
}

void add_cells(const std::vector<CellNote>& cells, const char* title, Page& page) {
  if (cells.empty()) return;
  page.add(fmt::format("\n### {}\n\n", title));
  for (const CellNote& note : cells) {
    page.add(fmt::format("- {}: {}\n", cell_text(note.cell), comment_text(note.detail)));
  }
}

void add_means(const Comparison& comparison, Page& page) {
  if (comparison.means.empty()) return;
  page.add(
      "\n| geometric mean of head / base | change | 95 % interval | cells |\n|---|---|---|---|\n");
  for (const MetricMean& mean : comparison.means) {
    page.add(fmt::format("| {} | {} | {} to {} | {} |\n", comment_text(mean.metric->name),
                         change_words(mean.ratio), change_words(mean.interval.low),
                         change_words(mean.interval.high), mean.cells));
  }
}

void add_changes(const Comparison& comparison, Page& page) {
  page.add(fmt::format("## evalzip: {}\n\n{} -> {}, {} cells compared\n", count_words(comparison),
                       comment_text(comparison.base), comment_text(comparison.head),
                       comparison.cells));
  add_cells(comparison.broken, "Broken: the bytes did not come back", page);
  add_findings(comparison, Verdict::regressed, "Regressed", page);
  add_cells(comparison.remodelled, "Another model: it cannot decode the older bytes", page);
  add_cells(comparison.failed, "Without a result now", page);
  add_findings(comparison, Verdict::improved, "Improved", page);
  add_cells(comparison.added, "Added", page);
  add_cells(comparison.removed, "Removed", page);
  add_cells(comparison.other, "Not compared", page);
  add_means(comparison, page);
  for (const std::string& note : comparison.notes) page.add("\nNote: " + comment_text(note) + "\n");
}

bool worth_a_comment(const Comparison& comparison) {
  const bool found = std::ranges::any_of(comparison.findings, [](const Finding& finding) {
    return finding.gates &&
           (finding.verdict == Verdict::regressed || finding.verdict == Verdict::improved);
  });
  return found || !comparison.broken.empty() || !comparison.remodelled.empty() ||
         !comparison.failed.empty() || !comparison.added.empty() || !comparison.removed.empty();
}

struct Annotation {
  const char* command;  // "error" or "warning"
  std::string title, message;
};

// The worst come first; the last one counts those that find no room.
void write_commands(const std::vector<Annotation>& annotations, std::ostream& out) {
  const bool all = annotations.size() <= kMostAnnotations;
  const std::size_t shown = all ? annotations.size() : kMostAnnotations - 1;
  for (std::size_t i = 0; i < shown; ++i) {
    const Annotation& one = annotations[i];
    out << fmt::format("::{} title={}::{}\n", one.command, command_property(one.title),
                       command_message(one.message));
  }
  if (!all) {
    out << fmt::format("::{} title=evalzip::and {} more\n", annotations[shown].command,
                       annotations.size() - shown);
  }
}

}  // namespace

void write_github_summary(const Comparison& comparison, std::ostream& out) {
  Page page(kSummaryLimit);
  add_changes(comparison, page);
  add_findings(comparison, Verdict::inconclusive, "Inconclusive", page);
  out << page.text();
}

void write_github_comment(const Comparison& comparison, std::ostream& out) {
  if (!worth_a_comment(comparison)) return;
  Page page(kCommentLimit);
  page.add("<!-- evalzip -->\n");
  add_changes(comparison, page);
  out << page.text();
}

void write_github_annotations(const Comparison& comparison, std::ostream& out) {
  std::vector<Annotation> annotations;
  for (const CellNote& note : comparison.broken) {
    annotations.push_back({"error", "evalzip: broken", note.cell.text() + ": " + note.detail});
  }
  for (const CellNote& note : comparison.remodelled) {
    annotations.push_back(
        {"error", "evalzip: another model", note.cell.text() + ": " + note.detail});
  }
  for (const CellNote& note : comparison.failed) {
    annotations.push_back({"error", "evalzip: no result", note.cell.text() + ": " + note.detail});
  }
  for (const Finding& finding : comparison.findings) {  // those that gate come first
    if (finding.verdict != Verdict::regressed) continue;
    annotations.push_back(
        {finding.gates ? "error" : "warning",
         fmt::format("evalzip: {}{}", finding.metric->name, finding.gates ? "" : " (advisory)"),
         fmt::format("{}: {} {}", finding.cell.text(), interval_words(finding),
                     value_words(finding))});
  }
  write_commands(annotations, out);
}

}  // namespace evalzip
