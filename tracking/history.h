// The runs of months in one SQLite file: a value for each metric of each cell of each run.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
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

  // All of the runs or, if the process is killed, none. A run that is already there (same start,
  // commit, machine and values) is not added again. Returns for each whether it was new. Several at
  // once are many times faster than one by one: each transaction waits for the disk.
  std::vector<bool> import_runs(std::span<const Run> runs);
  bool import_run(const Run& run) { return import_runs({&run, 1}).front(); }

  std::vector<ImportedRun> runs();  // the oldest first
  std::vector<Series> series();     // by cell and metric

  // In the order of the runs' starts.
  std::vector<SeriesPoint> points(const Series& series);

  // Of every series, the latest first.
  std::vector<SeriesChange> changes(const ChangePointSettings& settings);

 private:
  using SeriesKey = std::tuple<CellName, std::string_view, std::string>;  // metric, machine

  bool import_one(const Run& run);
  void import_points(const Run& run, std::int64_t run_id);
  std::int64_t series_id(const SeriesKey& key);

  Database database_;
  std::map<SeriesKey, std::int64_t> known_series_;  // of the transaction that is open
};

}  // namespace evalzip
