#include "cli/merged_cells.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit_code.h"

namespace evalzip {
namespace {

constexpr std::size_t kMostLines = 20;

// Says the lines, but for those that would be too many.
class ShortList {
 public:
  explicit ShortList(StatusLine& line) : line_(line) {}
  ~ShortList() {
    if (count_ > kMostLines) line_.print(fmt::format("  and {} more", count_ - kMostLines));
  }
  ShortList(const ShortList&) = delete;
  ShortList& operator=(const ShortList&) = delete;

  void add(const std::string& text) {
    if (++count_ <= kMostLines) line_.print("  " + text);
  }

 private:
  StatusLine& line_;
  std::size_t count_ = 0;
};

bool failed(const Record& record) {
  return record.outcome != Outcome::ok && record.outcome != Outcome::skipped;
}

}  // namespace

void tell_of_cells(const WidePlan& plan, const MergedCells& merged, StatusLine& line) {
  const std::size_t failures =
      static_cast<std::size_t>(std::ranges::count_if(merged.run.records, failed));
  line.print(fmt::format("{} cells: {} with a result, {} without; {} failed or missing",
                         plan.cells.size(), plan.cells.size() - merged.lacking.size(),
                         merged.lacking.size(), failures));
  ShortList list(line);
  for (const MergedCells::Lack& lack : merged.lacking) {
    const PlannedCell& cell = plan.cells[lack.cell];
    list.add(fmt::format("no result: cell {} {} {}: {}", lack.cell,
                         plan.codecs[cell.cell.codec].canonical(),
                         plan.documents[cell.cell.document].document.name, lack.why));
  }
  for (const Record& record : merged.run.records) {
    if (!failed(record)) continue;
    list.add(fmt::format("{}: {} {}: {}", to_string(record.outcome), record.codec, record.document,
                         record.detail));
  }
  if (merged.strangers > 0) {
    line.print(
        fmt::format("{} results in the folder are of cells that are not in this plan: left "
                    "out",
                    merged.strangers));
  }
}

int exit_code_of(const MergedCells& merged) {
  const int code = exit_code_of(merged.run.records);
  return code == kExitOk && !merged.lacking.empty() ? kExitCellsFailed : code;
}

}  // namespace evalzip
