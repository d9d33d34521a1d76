#include "reports/best.h"

#include <algorithm>
#include <string>

namespace evalzip {
namespace {

std::vector<std::string> documents(const Row& row) {
  std::vector<std::string> names;
  for (const Record* record : row.ok) names.push_back(record->document);
  return names;
}

bool compresses(const Row& row) { return row.figures->encoded_bytes < row.figures->original_bytes; }

// A value without an interval is an interval of no width.
Interval95 interval_of(const Column& column, const Figures& figures, double value) {
  if (column.interval == nullptr) return {value, value};
  return column.interval(figures).value_or(Interval95{value, value});
}

}  // namespace

BestOfRows::BestOfRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    if (row.estimate || !row.figures || !compresses(row)) continue;
    if (!candidates_.empty() && row.ok.size() < candidates_.front()->ok.size()) continue;
    if (!candidates_.empty() && row.ok.size() > candidates_.front()->ok.size()) candidates_.clear();
    if (candidates_.empty() || documents(row) == documents(*candidates_.front())) {
      candidates_.push_back(&row);
    }
  }
}

bool BestOfRows::holds(const Row& row, const Column& column) const {
  if (column.better == Better::neither || candidates_.size() < 2) return false;
  if (std::ranges::find(candidates_, &row) == candidates_.end()) return false;
  const double sign = column.better == Better::higher ? 1 : -1;
  std::optional<double> best, own = column.value(*row.figures);
  const Row* winner = nullptr;
  for (const Row* candidate : candidates_) {
    const auto value = column.value(*candidate->figures);
    if (!value || (best && sign * *value <= sign * *best)) continue;
    best = value;
    winner = candidate;
  }
  if (!best || !own) return false;
  const Interval95 top = interval_of(column, *winner->figures, *best);
  const Interval95 mine = interval_of(column, *row.figures, *own);
  return mine.low <= top.high && top.low <= mine.high;
}

}  // namespace evalzip
