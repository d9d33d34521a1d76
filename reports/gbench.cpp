// The JSON of Google Benchmark 1.7: each sample is a repetition, so that compare.py's U test has
// both sides' raw samples.
#include <cmath>
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

// As the JSON library writes it: a whole number keeps ".0", so that it stays a floating one.
std::string number(double value) {
  if (!std::isfinite(value)) return "null";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

// The counters of a record that are the same in each of its entries.
std::string size_counters(const Record& record) {
  Figures figures;  // of the sizes alone: intervals of the times would take most of the time
  figures.original_bytes = record.original_bytes;
  figures.encoded_bytes = record.encoded_bytes.value_or(0);
  std::string text;
  for (const char* name : {"ratio", "bits_per_byte"}) {
    if (const auto value = find_column(name).value(figures)) {
      text += fmt::format(",\n      \"{}\": {}", name, number(*value));
    }
  }
  return text;
}

struct Direction {
  const char* name;
  std::vector<double> Record::*seconds;
  std::vector<double> Record::*cpu_seconds;
};

// Written member by member: hundreds of thousands of entries as JSON values would take minutes.
class Entries {
 public:
  explicit Entries(std::ostream& out) : out_(out) {}

  void add(const Record& record, const Direction& direction, const std::string& size_counters) {
    const std::string name = Json(base_name(record) + "/" + direction.name).dump();
    const std::vector<double>& seconds = record.*direction.seconds;
    const std::vector<double>& cpu_seconds = record.*direction.cpu_seconds;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      // The format has no place for an absent CPU time: wall time stands in for it.
      const double cpu = cpu_seconds.empty() ? seconds[i] : cpu_seconds[i];
      text_ = fmt::format(
          R"({}
    {{
      "name": {},
      "family_index": {},
      "per_family_instance_index": 0,
      "run_name": {},
      "run_type": "iteration",
      "repetitions": {},
      "repetition_index": {},
      "threads": {},
      "iterations": 1,
      "real_time": {},
      "cpu_time": {},
      "time_unit": "ns")",
          any_ ? "," : "", name, family_, name, seconds.size(), i, record.threads,
          number(seconds[i] * kNanosecondsPerSecond), number(cpu * kNanosecondsPerSecond));
      if (seconds[i] > 0) {
        text_ += fmt::format(",\n      \"bytes_per_second\": {}",
                             number(static_cast<double>(record.original_bytes) / seconds[i]));
      }
      out_ << text_ << size_counters << "\n    }";
      any_ = true;
    }
    ++family_;
  }

  bool any() const { return any_; }

 private:
  std::ostream& out_;
  std::string text_;
  std::size_t family_ = 0;
  bool any_ = false;
};

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
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok) head["failed"].push_back(failed(record));
  }
  std::string context = Json{{"context", head}}.dump(2);
  context.erase(context.rfind("\n}"));
  out << context << ",\n  \"benchmarks\": [";
  Entries entries(out);
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok) continue;
    const std::string counters = size_counters(record);
    for (const Direction& direction : directions) entries.add(record, direction, counters);
  }
  out << (entries.any() ? "\n  ]\n}\n" : "]\n}\n");
}

}  // namespace evalzip
