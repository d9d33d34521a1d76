// The runs of months in one SQLite file: a value for each metric of each cell of each run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/record.h"
#include "tracking/change_points.h"
#include "tracking/comparison.h"
#include "tracking/database.h"

namespace evalzip {

struct ImportedRun {
  std::int64_t id = 0;
  std::string commit, started_utc, machine;  // CPU, host and toolchain
  std::size_t values = 0;
};

// One metric of one cell on one kind of machine, over time.
struct Series {
  std::int64_t id = 0;
  CellName cell;
  const Metric* metric = nullptr;  // null: a metric of a newer evalzip
  std::string metric_name, machine;
};

struct SeriesPoint {
  double value = 0;
  std::string commit, started_utc;
};

struct SeriesChange {
  Series series;
  ChangePoint point;
  std::string last_before, first_after;  // commits: the change lies between them
  std::string when;                      // start of the first run after it
};

class History {
 public:
  // Creates the file or brings an older one up to date. Throws HistoryError, also for a file that a
  // newer evalzip wrote.
  explicit History(const std::filesystem::path& file);

  // All of the run or nothing. A run that is already there (same start, commit, machine and values)
  // is not added again: then false.
  bool import_run(const Run& run);

  std::vector<ImportedRun> runs();  // the oldest first
  std::vector<Series> series();     // by cell and metric

  // In the order of the runs' starts.
  std::vector<SeriesPoint> points(const Series& series);

  // Of every series, the latest first.
  std::vector<SeriesChange> changes(const ChangePointSettings& settings);

 private:
  std::int64_t series_id(const CellName& cell, const Metric& metric, const std::string& machine);

  Database database_;
};

}  // namespace evalzip
