// The rows that a pivot table is made of, in sets within which they compare.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "reports/best.h"
#include "reports/figures.h"

namespace evalzip {

// All codec settings of one host on one corpus, or on one of its documents.
struct PivotSet {
  std::size_t host = 0;
  std::string corpus, document;  // document: empty for totals
  std::vector<Row> rows;
  std::optional<BestOfRows> best;
  const Row* baseline = nullptr;  // among rows; null: there is none
};

// In the order of the runs. Points into `hosts`. Throws ReportError if a baseline is named that no
// run has; the baseline is the first setting of that codec that is no estimate.
std::list<PivotSet> pivot_sets(const std::vector<Run>& hosts, bool per_document,
                               const std::string& baseline);

// What tells one codec setting from another, beyond its name, in this report.
class CodecLabels {
 public:
  explicit CodecLabels(const std::list<PivotSet>& sets);
  // Printable; "~" before estimates.
  std::string of(const Row& row) const;
  // Equal for equal settings and for no others, whether or not labels show the difference.
  static std::string identity(const Row& row);

 private:
  std::vector<std::string> several_versions_;  // sorted names of codecs
  bool show_block_ = false, show_threads_ = false;
};

}  // namespace evalzip
