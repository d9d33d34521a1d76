#include "cli/sparkline.h"

#include <algorithm>
#include <cmath>

namespace evalzip {

std::string sparkline(std::span<const double> values, double low, double high) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string line;
  for (const double value : values) {
    if (value < low) {
      line += ' ';
      continue;
    }
    const double share = high > low ? (value - low) / (high - low) : 0;
    line += kBars[std::clamp(static_cast<int>(std::floor(share * 8)), 0, 7)];
  }
  return line;
}

}  // namespace evalzip
