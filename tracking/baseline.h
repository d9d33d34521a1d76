// What the deterministic metrics of each cell should be: a text file in git that people review.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/record.h"
#include "tracking/comparison.h"

namespace evalzip {

class BaselineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A line of the file. Lines of the toolchain "*" hold what is the same on every machine; lines of a
// toolchain_key() hold instructions and memory as they are there.
struct BaselineKey {
  CellName cell;
  std::string version;  // of the codec: another version owes nothing to these numbers
  std::string toolchain;

  auto operator<=>(const BaselineKey&) const = default;
};

struct BaselineValues {
  std::string sha256;  // of the bytes that were compressed; on lines of the toolchain "*"
  std::map<std::string, double> metrics;  // by name, deterministic ones only

  bool operator==(const BaselineValues&) const = default;
};

using Baseline = std::map<BaselineKey, BaselineValues>;

// Throws BaselineError that names the line and what is wrong with it: also for a file of a newer
// format, for a key that occurs twice, and for a metric that is not known.
Baseline parse_baseline(std::string_view text);

// One line for each key, sorted, so that equal contents are equal bytes and changes are small
// diffs. parse_baseline() reads it back.
std::string format_baseline(const Baseline& baseline);

// What `run` says about its `ok` cells, in those metrics; empty: in every deterministic one.
Baseline baseline_of(const Run& run, const std::set<std::string>& metrics = {});

// The metrics that occur in it.
std::set<std::string> metrics_of(const Baseline& baseline);

// Puts the lines of `news` in. Lines of other versions of the same cell and toolchain go; all else
// stays.
void update_baseline(Baseline& baseline, const Baseline& news);

// Compares what is known for the versions and the toolchain of `run`; what is not known is a note
// and no failure; cells that the run does not have are in `removed`. Throws ComparisonError if no
// cell of the run is in the baseline.
Comparison check_baseline(const Baseline& baseline, const Run& run);

}  // namespace evalzip
