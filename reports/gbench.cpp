// The JSON of Google Benchmark 1.7: each sample is a repetition, so that compare.py's U test has
// both sides' raw samples.
#include <cstdint>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/printable.h"
#include "reports/report.h"

namespace evalzip {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNanosecondsPerSecond = 1e9;

Json context(const Environment& environment) {
  const std::set<std::string> known_still = {"", "performance", "unknown"};
  return {{"date", printable(environment.started_utc)},
          {"host_name", printable(environment.host)},
          {"executable", "evalzip " + printable(environment.evalzip_version)},
          {"num_cpus", environment.logical_cpus},
          {"cpu_scaling_enabled", !known_still.contains(environment.governor)},
          {"caches", Json::array()},
          {"library_build_type", environment.build_type == "Debug" ? "debug" : "release"},
          {"cpu", printable(environment.cpu)},
          {"commit", printable(environment.commit)}};
}

// corpus/document/codec, and what else sets a row apart. An estimate's name differs from the whole
// document's, so that no comparison ever mixes the two.
std::string base_name(const Record& record) {
  std::string name = fmt::format("{}/{}/{}", printable(record.corpus), printable(record.document),
                                 printable(record.codec));
  if (record.block_bytes) name += fmt::format("/block:{}", *record.block_bytes);
  if (record.sampled_from_bytes) name += fmt::format("/estimate:{}", record.original_bytes);
  return name;
}

void add_counters(Json& entry, const Record& record, double seconds) {
  if (seconds > 0) {
    entry["bytes_per_second"] = static_cast<double>(record.original_bytes) / seconds;
  }
  const Figures figures = figures_of({&record});
  for (const char* name : {"ratio", "bits_per_byte"}) {
    if (const auto value = find_column(name).value(figures)) entry[name] = *value;
  }
}

struct Direction {
  const char* name;
  std::vector<double> Record::*seconds;
  std::vector<double> Record::*cpu_seconds;
};

void add_samples(Json& benchmarks, const Record& record, const Direction& direction,
                 std::size_t family) {
  const std::string name = base_name(record) + "/" + direction.name;
  const std::vector<double>& seconds = record.*direction.seconds;
  const std::vector<double>& cpu_seconds = record.*direction.cpu_seconds;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    // The format has no place for an absent CPU time: wall time stands in for it.
    const double cpu = cpu_seconds.empty() ? seconds[i] : cpu_seconds[i];
    Json entry = {{"name", name},
                  {"family_index", family},
                  {"per_family_instance_index", 0},
                  {"run_name", name},
                  {"run_type", "iteration"},
                  {"repetitions", seconds.size()},
                  {"repetition_index", i},
                  {"threads", record.threads},
                  {"iterations", 1},
                  {"real_time", seconds[i] * kNanosecondsPerSecond},
                  {"cpu_time", cpu * kNanosecondsPerSecond},
                  {"time_unit", "ns"}};
    add_counters(entry, record, seconds[i]);
    benchmarks.push_back(std::move(entry));
  }
}

// Google Benchmark lists an error as a benchmark without times, and its compare.py (1.7.1) fails on
// such an entry; so they stand in the context.
Json failed(const Record& record) {
  return {{"name", base_name(record)},
          {"error_message",
           fmt::format("{}: {}", to_string(record.outcome), printable(record.detail))}};
}

}  // namespace

void write_gbench(const Run& run, const ReportOptions&, std::ostream& out) {
  const Direction directions[] = {{"encode", &Record::encode_seconds, &Record::encode_cpu_seconds},
                                  {"decode", &Record::decode_seconds, &Record::decode_cpu_seconds}};
  Json head = context(run.environment);
  head["failed"] = Json::array();
  Json benchmarks = Json::array();
  std::size_t family = 0;
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok) {
      head["failed"].push_back(failed(record));
      continue;
    }
    for (const Direction& direction : directions) {
      add_samples(benchmarks, record, direction, family++);
    }
  }
  const Json document = {{"context", head}, {"benchmarks", benchmarks}};
  out << document.dump(2) << '\n';
}

}  // namespace evalzip
