#include "codecs/static_model.h"

#include <algorithm>
#include <numeric>

namespace evalzip {

// Cumulative counts are scaled and each symbol gets 1 besides, so the widths are right to within
// one unit and their sum is exact by construction.
StaticModel::Widths StaticModel::widths_of(std::span<const std::uint64_t> counts) {
  const std::uint64_t spare = IntervalTable::kTotal - counts.size();
  const std::uint64_t all = std::reduce(counts.begin(), counts.end());
  Widths widths{};
  std::uint64_t below = 0;
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    const std::uint64_t above = below + counts[symbol];
    widths[symbol] = static_cast<std::uint16_t>(1 + above * spare / all - below * spare / all);
    below = above;
  }
  return widths;
}

}  // namespace evalzip
