#include "reports/transfer.h"

#include <algorithm>

namespace evalzip {

std::vector<TransferLine> transfer_lines(const PivotSet& set) {
  std::vector<TransferLine> lines;
  const Row* most = nullptr;  // lines are of the same documents: as many as any codec has
  for (const Row& row : set.rows) {
    if (row.figures && !row.estimate && (most == nullptr || row.ok.size() > most->ok.size())) {
      most = &row;
    }
  }
  if (most == nullptr) return lines;
  lines.push_back({nullptr, 0, static_cast<double>(most->figures->original_bytes)});
  for (const Row& row : set.rows) {
    if (!row.figures || row.estimate || !row.figures->encode || !row.figures->decode) continue;
    if (row.figures->original_bytes != most->figures->original_bytes) continue;
    lines.push_back({&row,
                     row.figures->encode->median_seconds + row.figures->decode->median_seconds,
                     static_cast<double>(row.figures->encoded_bytes)});
  }
  return lines;
}

// Lines in u = 1 / bandwidth: seconds = work + bytes * u. From the slow end u falls, and the next
// to reign is the one with more bytes and less work whose crossing comes first.
std::vector<Reign> soonest(const std::vector<TransferLine>& lines, double least_bandwidth,
                           double most_bandwidth) {
  if (lines.empty()) return {};
  const auto first = std::ranges::min_element(
      lines, {}, [&](const TransferLine& line) { return line.seconds(least_bandwidth); });
  std::vector<Reign> reigns = {{static_cast<std::size_t>(first - lines.begin()), least_bandwidth}};
  while (true) {
    const TransferLine& now = lines[reigns.back().line];
    Reign next{0, most_bandwidth};
    bool found = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].bytes <= now.bytes || lines[i].work_seconds >= now.work_seconds) continue;
      const double crossing =
          (lines[i].bytes - now.bytes) / (now.work_seconds - lines[i].work_seconds);
      if (crossing < reigns.back().from || crossing >= next.from) continue;
      next = {i, crossing};
      found = true;
    }
    if (!found) return reigns;
    reigns.push_back(next);
  }
}

}  // namespace evalzip
