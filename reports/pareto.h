// Which codec settings nobody beats in both ratio and speed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/pivot_sets.h"

namespace evalzip {

enum class Direction { encode, decode };

std::string_view to_string(Direction direction);

enum class Standing {
  front,     // no other has a ratio and a speed at least as high, and one of them higher
  tied,      // faster ones with its ratio are faster only within the 95 % intervals
  dominated  // beaten, or an estimate, which does not compete
};

struct ParetoPoint {
  const Row* row = nullptr;
  std::string name;  // as CodecLabels has it
  double ratio = 0, speed = 0;
  std::optional<Interval95> interval;  // of the speed
  Standing standing = Standing::dominated;
};

// Of the rows of the set with the most documents that have both and compress at all, in order of
// falling ratio. Ratios of fewer documents do not compare; a copy of the input is no compression,
// and its speed would squeeze all others into a corner.
std::vector<ParetoPoint> pareto_points(const PivotSet& set, const CodecLabels& labels,
                                       Direction direction);

// "zstd" of "zstd:19,long=27": what shares a colour.
std::string_view codec_family(std::string_view codec);

}  // namespace evalzip
