// What is watched for change: each metric with its direction, threshold and kind of evidence.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record.h"

namespace evalzip {

enum class Direction { smaller_is_better, larger_is_better };

// Where the other value must come from for a change to mean something.
enum class Comparable {
  anywhere,        // exact on every machine
  same_toolchain,  // depends on compiler, libc and instruction set
  same_job         // depends on the machine and the hour
};

struct Metric {
  std::string_view name;  // as the JSON of a run has it: "encoded_bytes"
  std::string_view unit;
  std::string_view meaning;
  Direction better = Direction::smaller_is_better;
  Comparable comparable = Comparable::anywhere;
  bool deterministic = true;  // one value decides; otherwise samples and tracking/speed_test.h
  double threshold = 0;       // relative change above which it is one
  double least_change = 0;    // in `unit`; must be exceeded as well
  std::optional<double> (*value)(const Record&) = nullptr;  // the median, where there are samples
  std::vector<double> (*samples)(const Record&) = nullptr;  // null for deterministic metrics
};

// All of them, the surest first.
std::span<const Metric> all_metrics();

// Absent: there is no such metric.
const Metric* find_metric(std::string_view name);

// The samples that a comparison of times uses: CPU time where one thread worked and it is known,
// because other programs disturb it less than wall time.
std::vector<double> encode_times(const Record& record);
std::vector<double> decode_times(const Record& record);

}  // namespace evalzip
