// Which rows of a section are the best in a column.
#pragma once

#include <vector>

#include "reports/columns.h"

namespace evalzip {

// Candidates are rows of whole documents, the same ones as the row that covers most of them, that
// made them smaller: copying memory wins no race. With fewer than two candidates nobody is best.
class BestOfRows {
 public:
  // Keeps pointers to the rows, which must outlive it.
  explicit BestOfRows(const std::vector<Row>& rows);

  // True of the best candidate and of every other that is equal or whose interval overlaps its own.
  bool holds(const Row& row, const Column& column) const;

 private:
  std::vector<const Row*> candidates_;
};

}  // namespace evalzip
