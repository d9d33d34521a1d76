#include "tracking/history.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

#include <fmt/format.h>

#include "tracking/fingerprint.h"

namespace evalzip {
namespace {

// Entry i brings a file of version i to version i + 1; entries are never changed, only added.
constexpr std::array kMigrations{R"(
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  commit_name BLOB NOT NULL,
  started_utc BLOB NOT NULL,
  machine BLOB NOT NULL
);
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  corpus BLOB NOT NULL,
  document BLOB NOT NULL,
  codec BLOB NOT NULL,
  block_bytes INTEGER NOT NULL,
  sample_bytes INTEGER NOT NULL,
  threads INTEGER NOT NULL,
  metric BLOB NOT NULL,
  machine BLOB NOT NULL,
  UNIQUE (corpus, document, codec, block_bytes, sample_bytes, threads, metric, machine)
);
CREATE TABLE point (
  series INTEGER NOT NULL REFERENCES series,
  run INTEGER NOT NULL REFERENCES run,
  value REAL NOT NULL,
  PRIMARY KEY (series, run)
) WITHOUT ROWID;
)"};

// Fowler, Noll and Vo (1991), 64 bits: tells runs apart, not forgers.
class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0xFF);  // no UTF-8 text holds it: "ab", "c" is not "a", "bc"
  }
  void add(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) add_byte(number >> shift & 0xFF);
  }
  void add(const std::vector<double>& numbers) {
    for (const double number : numbers) add(std::bit_cast<std::uint64_t>(number));
  }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  void add_byte(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001B3u; }

  std::uint64_t hash_ = 0xCBF29CE484222325u;
};

std::string digest_of(const Run& run) {
  Digest digest;
  for (const std::string* text : {&run.environment.commit, &run.environment.started_utc,
                                  &run.environment.finished_utc, &run.environment.host}) {
    digest.add(*text);
  }
  for (const Record& record : run.records) {
    digest.add(record.key);
    digest.add(record.encoded_bytes.value_or(0));
    digest.add(record.encode_seconds);
    digest.add(record.decode_seconds);
  }
  return digest.text();
}

std::int64_t version(Database& database) {
  Statement statement(database, "PRAGMA user_version");
  statement.step();
  return statement.integer(0);
}

// Under the lock of a transaction, so that of two programs that open an old file one migrates.
void migrate(Database& database) {
  constexpr auto kNewest = static_cast<std::int64_t>(kMigrations.size());
  if (version(database) == kNewest) return;
  Transaction transaction(database);
  const std::int64_t found = version(database);
  if (found > kNewest) {
    throw HistoryError(
        fmt::format("the history has version {}, this evalzip knows up to {}: use a newer evalzip",
                    found, kNewest));
  }
  for (auto i = static_cast<std::size_t>(found); i < kMigrations.size(); ++i) {
    database.execute(kMigrations[i]);
  }
  database.execute(fmt::format("PRAGMA user_version = {}", kNewest));
  transaction.commit();
}

// What the values of a metric may be put in one line with: exact ones of everywhere, others of the
// same toolchain or machine.
std::string machine_of(const Environment& environment, Comparable comparable) {
  switch (comparable) {
    case Comparable::anywhere:
      return "*";
    case Comparable::same_toolchain:
      return toolchain_key(environment);
    case Comparable::same_job:
      break;
  }
  return fmt::format("{},{},{}", environment.host, environment.cpu, toolchain_key(environment));
}

}  // namespace

History::History(const std::filesystem::path& file) : database_(file) { migrate(database_); }

std::int64_t History::series_id(const SeriesKey& key) {
  if (const auto known = known_series_.find(key); known != known_series_.end()) {
    return known->second;
  }
  const auto bind = [&](Statement& statement) {
    const auto& [cell, metric, machine] = key;
    statement.bind(1, cell.corpus).bind(2, cell.document);
    statement.bind(3, cell.codec);
    statement.bind(4, static_cast<std::int64_t>(cell.block_bytes));
    statement.bind(5, static_cast<std::int64_t>(cell.sample_bytes));
    statement.bind(6, static_cast<std::int64_t>(cell.threads));
    statement.bind(7, metric).bind(8, machine);
  };
  Statement find(database_,
                 "SELECT id FROM series WHERE corpus = ? AND document = ? AND codec = ? AND "
                 "block_bytes = ? AND sample_bytes = ? AND threads = ? AND metric = ? AND machine "
                 "= ?");
  bind(find);
  if (find.step()) return known_series_[key] = find.integer(0);
  Statement add(database_,
                "INSERT INTO series (corpus, document, codec, block_bytes, sample_bytes, threads, "
                "metric, machine) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  bind(add);
  add.run();
  return known_series_[key] = database_.last_row();
}

void History::import_points(const Run& run, std::int64_t run_id) {
  Statement add(database_,
                "INSERT INTO point (series, run, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok) continue;
    for (const Metric& metric : all_metrics()) {
      const std::optional<double> value = metric.value(record);
      if (!value) continue;
      const std::int64_t series = series_id(
          {cell_name(record), metric.name, machine_of(run.environment, metric.comparable)});
      add.bind(1, series).bind(2, run_id).bind(3, *value).run();
    }
  }
}

bool History::import_one(const Run& run) {
  Statement add(database_,
                "INSERT INTO run (digest, commit_name, started_utc, machine) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING RETURNING id");
  const std::string digest = digest_of(run);
  const std::string machine = machine_of(run.environment, Comparable::same_job);
  add.bind(1, digest).bind(2, run.environment.commit);
  add.bind(3, run.environment.started_utc).bind(4, machine);
  if (!add.step()) return false;
  const std::int64_t id = add.integer(0);
  add.reset();
  import_points(run, id);
  return true;
}

std::vector<bool> History::import_runs(std::span<const Run> runs) {
  Transaction transaction(database_);
  known_series_.clear();  // what an earlier transaction added may have been rolled back
  std::vector<bool> added;
  for (const Run& run : runs) added.push_back(import_one(run));
  transaction.commit();
  return added;
}

std::vector<ImportedRun> History::runs() {
  Statement statement(database_,
                      "SELECT id, commit_name, started_utc, machine, (SELECT count(*) FROM point "
                      "WHERE run = run.id) FROM run ORDER BY started_utc, id");
  std::vector<ImportedRun> runs;
  while (statement.step()) {
    runs.push_back({.id = statement.integer(0),
                    .commit = statement.text(1),
                    .started_utc = statement.text(2),
                    .machine = statement.text(3),
                    .values = static_cast<std::size_t>(statement.integer(4))});
  }
  return runs;
}

std::vector<Series> History::series() {
  Statement statement(database_,
                      "SELECT id, corpus, document, codec, block_bytes, sample_bytes, threads, "
                      "metric, machine FROM series ORDER BY corpus, document, codec, metric, id");
  std::vector<Series> all;
  while (statement.step()) {
    Series series{.id = statement.integer(0),
                  .cell = {.corpus = statement.text(1),
                           .document = statement.text(2),
                           .codec = statement.text(3),
                           .block_bytes = static_cast<std::uint64_t>(statement.integer(4)),
                           .sample_bytes = static_cast<std::uint64_t>(statement.integer(5)),
                           .threads = static_cast<unsigned>(statement.integer(6))},
                  .metric_name = statement.text(7),
                  .machine = statement.text(8)};
    series.metric = find_metric(series.metric_name);
    all.push_back(std::move(series));
  }
  return all;
}

std::vector<SeriesPoint> History::points(const Series& series) {
  Statement statement(database_,
                      "SELECT value, commit_name, started_utc FROM point JOIN run ON run.id = "
                      "point.run WHERE series = ? ORDER BY started_utc, run.id");
  statement.bind(1, series.id);
  std::vector<SeriesPoint> points;
  while (statement.step()) {
    points.push_back({.value = statement.real(0),
                      .commit = statement.text(1),
                      .started_utc = statement.text(2)});
  }
  return points;
}

std::vector<SeriesChange> History::changes(const ChangePointSettings& settings) {
  std::vector<SeriesChange> found;
  for (const Series& one : series()) {
    const std::vector<SeriesPoint> all = points(one);
    std::vector<double> values;
    for (const SeriesPoint& point : all) values.push_back(point.value);
    // A deterministic metric has no noise: its smallest change is one.
    ChangePointSettings own = settings;
    if (one.metric != nullptr && one.metric->deterministic)
      own.least_magnitude = one.metric->threshold;
    for (const ChangePoint& point : change_points(values, own)) {
      found.push_back({.series = one,
                       .point = point,
                       .last_before = all[point.index - 1].commit,
                       .first_after = all[point.index].commit,
                       .when = all[point.index].started_utc});
    }
  }
  std::ranges::stable_sort(found, std::greater{}, &SeriesChange::when);
  return found;
}

}  // namespace evalzip
