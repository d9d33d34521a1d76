// Which codec gets data over a link soonest: compress, send, decompress, one after the other.
#pragma once

#include <vector>

#include "reports/pivot_sets.h"

namespace evalzip {

// Seconds = work + bytes / bandwidth. Sending without compression is one of them: no work, all
// bytes.
struct TransferLine {
  const Row* row = nullptr;  // null: without compression
  double work_seconds = 0, bytes = 0;
  double seconds(double bytes_per_second) const { return work_seconds + bytes / bytes_per_second; }
};

// For bandwidths from `from` on (bytes per second) until the next reign's, this line is the
// soonest.
struct Reign {
  std::size_t line;  // index
  double from;
};

// Rows without both speeds, and estimates, are left out. First is the line without compression.
std::vector<TransferLine> transfer_lines(const PivotSet& set);

// The lower envelope between two bandwidths, slow links first.
std::vector<Reign> soonest(const std::vector<TransferLine>& lines, double least_bandwidth,
                           double most_bandwidth);

}  // namespace evalzip
