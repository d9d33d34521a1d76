#include "tracking/baseline.h"

#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "reports/printable.h"
#include "tracking/fingerprint.h"

namespace evalzip {
namespace {

constexpr std::string_view kAnywhere = "*";

// A kind of lines: those of one toolchain, or those of everywhere.
struct BaselineLine {
  std::string toolchain;
  Comparable comparable = Comparable::anywhere;
  const std::set<std::string>& metrics;  // empty: all
};

void add_line(const Record& record, const BaselineLine& line, Baseline& baseline) {
  BaselineValues values;
  if (line.comparable == Comparable::anywhere) values.sha256 = record.sha256;
  for (const Metric& metric : all_metrics()) {
    if (!metric.deterministic || metric.comparable != line.comparable) continue;
    if (!line.metrics.empty() && !line.metrics.contains(std::string(metric.name))) continue;
    if (const auto value = metric.value(record)) values.metrics[std::string(metric.name)] = *value;
  }
  if (values.metrics.empty()) return;
  baseline[{cell_name(record), record.version, line.toolchain}] = std::move(values);
}

void set_metric(Record& record, const std::string& name, double value) {
  const std::pair<std::string_view, std::optional<std::uint64_t> Record::*> counts[] = {
      {"encoded_bytes", &Record::encoded_bytes},
      {"model_bytes", &Record::model_bytes},
      {"encode_instructions", &Record::encode_instructions},
      {"decode_instructions", &Record::decode_instructions},
      {"encode_peak_bytes", &Record::encode_peak_bytes},
      {"decode_peak_bytes", &Record::decode_peak_bytes}};
  if (name == "ideal_bits") record.ideal_bits = value;
  for (const auto& [known, field] : counts) {
    if (known == name) record.*field = static_cast<std::uint64_t>(value);
  }
}

// Why parts of the baseline could not be held against the run.
struct Unknown {
  std::size_t versions = 0, toolchains = 0;
};

// The record that the baseline wants in place of `record`; absent if it has no line for it.
std::optional<Record> wanted(const Baseline& baseline, const Record& record,
                             const std::string& toolchain, Unknown& unknown) {
  const BaselineKey key{cell_name(record), record.version, std::string(kAnywhere)};
  const auto line = baseline.find(key);
  if (line == baseline.end()) return std::nullopt;
  Record wanted = record;
  wanted.encoded_hash.clear();
  wanted.outcome = Outcome::ok;
  wanted.detail.clear();
  wanted.encoded_bytes = wanted.model_bytes = std::nullopt;
  wanted.ideal_bits = std::nullopt;
  wanted.encode_instructions = wanted.decode_instructions = std::nullopt;
  wanted.encode_peak_bytes = wanted.decode_peak_bytes = std::nullopt;
  wanted.encode_seconds.clear();
  wanted.decode_seconds.clear();
  wanted.sha256 = line->second.sha256;
  for (const auto& [name, value] : line->second.metrics) set_metric(wanted, name, value);
  const auto counts = baseline.find({key.cell, key.version, toolchain});
  if (counts == baseline.end()) {
    ++unknown.toolchains;
  } else {
    for (const auto& [name, value] : counts->second.metrics) set_metric(wanted, name, value);
  }
  return wanted;
}

// The first line of a cell: keys are sorted by cell.
template <class AnyBaseline>
auto first_line(AnyBaseline& baseline, const CellName& cell) {
  return baseline.lower_bound({.cell = cell, .version = {}, .toolchain = {}});
}

bool has_other_version(const Baseline& baseline, const CellName& cell) {
  const auto line = first_line(baseline, cell);
  return line != baseline.end() && line->first.cell == cell;
}

// The cells of the baseline that the run does not have.
std::vector<CellNote> not_measured(const Baseline& baseline, const Run& run) {
  std::set<CellName> measured, absent;
  for (const Record& record : run.records) measured.insert(cell_name(record));
  for (const auto& [key, values] : baseline) {
    if (!measured.contains(key.cell)) absent.insert(key.cell);
  }
  std::vector<CellNote> notes;
  for (const CellName& cell : absent) notes.push_back({cell, "not in the run"});
  return notes;
}

std::vector<std::string> notes_on(const Unknown& unknown, const std::string& toolchain) {
  std::vector<std::string> notes;
  if (unknown.versions != 0) {
    notes.push_back(fmt::format("{} cells have another codec version than the baseline: not judged",
                                unknown.versions));
  }
  if (unknown.toolchains != 0) {
    notes.push_back(
        fmt::format("{} cells have no instructions or memory in the baseline for {}: not judged; "
                    "`evalzip baseline update` adds them",
                    unknown.toolchains, printable(toolchain)));
  }
  return notes;
}

}  // namespace

Baseline baseline_of(const Run& run, const std::set<std::string>& metrics) {
  Baseline baseline;
  const BaselineLine anywhere{std::string(kAnywhere), Comparable::anywhere, metrics};
  const BaselineLine here{toolchain_key(run.environment), Comparable::same_toolchain, metrics};
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok) continue;
    add_line(record, anywhere, baseline);
    add_line(record, here, baseline);
  }
  return baseline;
}

std::set<std::string> metrics_of(const Baseline& baseline) {
  std::set<std::string> names;
  for (const auto& [key, values] : baseline) {
    for (const auto& [name, value] : values.metrics) names.insert(name);
  }
  return names;
}

void update_baseline(Baseline& baseline, const Baseline& news) {
  for (const auto& one : news) {
    const BaselineKey& key = one.first;
    for (auto line = first_line(baseline, key.cell);
         line != baseline.end() && line->first.cell == key.cell;) {
      line = line->first.toolchain == key.toolchain ? baseline.erase(line) : std::next(line);
    }
    baseline.insert(one);
  }
}

Comparison check_baseline(const Baseline& baseline, const Run& run) {
  const std::string toolchain = toolchain_key(run.environment);
  Run base;
  base.environment = run.environment;
  Unknown unknown;
  for (const Record& record : run.records) {
    if (auto record_wanted = wanted(baseline, record, toolchain, unknown)) {
      base.records.push_back(std::move(*record_wanted));
    } else if (has_other_version(baseline, cell_name(record))) {
      ++unknown.versions;
    }
  }
  Comparison comparison{.base = "baseline", .head = "run"};
  if (!base.records.empty() || unknown.versions == 0) {
    comparison = compare_runs(base, run, {.base = "baseline", .head = "run"});
  }
  comparison.removed = not_measured(baseline, run);
  comparison.notes = notes_on(unknown, toolchain);
  return comparison;
}

}  // namespace evalzip
