// A run for the services that watch benchmarks: github-action-benchmark, Bencher, GitLab.
#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/statistics.h"
#include "reports/printable.h"
#include "reports/report.h"

namespace evalzip {
namespace {

using Json = nlohmann::ordered_json;

// One number of one cell; all of them are better when smaller.
struct Reading {
  std::string_view measure;  // in the words of a metric's name
  std::string_view unit;
  double value = 0;
  std::optional<Interval95> interval;
};

constexpr double kNanosecondsPerSecond = 1e9;

// Of the name that a service files the cell under. An estimate's differs from the whole document's.
std::string cell_title(const Record& record) {
  std::string title = fmt::format("{}/{}/{}", printable(record.corpus), printable(record.document),
                                  printable(record.codec));
  if (record.threads != 1) title += fmt::format("/threads:{}", record.threads);
  if (record.block_bytes) title += fmt::format("/block:{}", *record.block_bytes);
  if (record.sampled_from_bytes) title += fmt::format("/estimate:{}", record.original_bytes);
  return title;
}

void add_count(std::vector<Reading>& readings, std::string_view measure, std::string_view unit,
               const std::optional<std::uint64_t>& count, double scale) {
  if (count) readings.push_back({measure, unit, static_cast<double>(*count) * scale, {}});
}

// Sizes, instructions, memory: the same in every run of the same code.
std::vector<Reading> exact_readings(const Record& record) {
  constexpr double kMebibyte = 1 << 20;
  std::vector<Reading> readings;
  if (record.original_bytes > 0) {
    const double per_byte = 1 / static_cast<double>(record.original_bytes);
    add_count(readings, "bits_per_byte", "bits/byte", record.encoded_bytes, 8 * per_byte);
  }
  if (record.counted_bytes.value_or(0) > 0) {
    const double per_byte = 1 / static_cast<double>(*record.counted_bytes);
    add_count(readings, "encode_instructions", "instructions/byte", record.encode_instructions,
              per_byte);
    add_count(readings, "decode_instructions", "instructions/byte", record.decode_instructions,
              per_byte);
  }
  add_count(readings, "encode_peak_memory", "MiB", record.encode_peak_bytes, 1 / kMebibyte);
  add_count(readings, "decode_peak_memory", "MiB", record.decode_peak_bytes, 1 / kMebibyte);
  return readings;
}

void add_time(std::vector<Reading>& readings, std::string_view measure, const Record& record,
              const std::vector<double>& seconds, const std::vector<unsigned>& rounds) {
  if (seconds.empty() || record.original_bytes == 0) return;
  const double scale = kNanosecondsPerSecond / static_cast<double>(record.original_bytes);
  Reading reading{measure, "ns/byte", median(seconds) * scale, {}};
  if (const auto interval = median_interval(seconds, rounds)) {
    reading.interval = Interval95{interval->low * scale, interval->high * scale};
  }
  readings.push_back(std::move(reading));
}

std::vector<Reading> time_readings(const Record& record) {
  std::vector<Reading> readings;
  add_time(readings, "encode_time", record, record.encode_seconds, record.encode_rounds);
  add_time(readings, "decode_time", record, record.decode_seconds, record.decode_rounds);
  return readings;
}

template <class Visit>
void for_each_reading(const Run& run, std::vector<Reading> (*readings)(const Record&),
                      Visit visit) {
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok) continue;
    for (const Reading& reading : readings(record)) visit(record, reading);
  }
}

std::vector<Reading> all_readings(const Record& record) {
  std::vector<Reading> readings = exact_readings(record);
  std::ranges::copy(time_readings(record), std::back_inserter(readings));
  return readings;
}

void write_smaller_is_better(const Run& run, std::vector<Reading> (*readings)(const Record&),
                             std::ostream& out) {
  Json entries = Json::array();
  for_each_reading(run, readings, [&](const Record& record, const Reading& reading) {
    Json entry = {{"name", fmt::format("{} {}", cell_title(record), reading.measure)},
                  {"unit", reading.unit},
                  {"value", reading.value}};
    if (reading.interval) {
      // The page of that service draws a range only in this form.
      entry["range"] =
          fmt::format("± {:.4g}", (reading.interval->high - reading.interval->low) / 2);
      entry["extra"] = fmt::format("95 % interval of the median: {:.4g} to {:.4g}",
                                   reading.interval->low, reading.interval->high);
    }
    entries.push_back(std::move(entry));
  });
  out << entries.dump(1) << '\n';
}

// A label's value as the exposition format of Prometheus and OpenMetrics wants it.
std::string label(std::string_view bytes) {
  std::string escaped;
  for (const char c : printable(bytes)) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

void write_benchmark_sizes(const Run& run, const ReportOptions&, std::ostream& out) {
  write_smaller_is_better(run, exact_readings, out);
}

void write_benchmark_times(const Run& run, const ReportOptions&, std::ostream& out) {
  write_smaller_is_better(run, time_readings, out);
}

void write_bmf(const Run& run, const ReportOptions&, std::ostream& out) {
  Json benchmarks = Json::object();
  for_each_reading(run, all_readings, [&](const Record& record, const Reading& reading) {
    Json& measure = benchmarks[cell_title(record)][std::string(reading.measure)];
    measure = {{"value", reading.value}};
    if (reading.interval) {
      measure["lower_value"] = reading.interval->low;
      measure["upper_value"] = reading.interval->high;
    }
  });
  out << benchmarks.dump(1) << '\n';
}

// Metrics of one name must stand together.
void write_openmetrics(const Run& run, const ReportOptions&, std::ostream& out) {
  std::vector<std::pair<std::string_view, std::string>> lines;
  for_each_reading(run, all_readings, [&](const Record& record, const Reading& reading) {
    lines.emplace_back(
        reading.measure,
        fmt::format(
            "evalzip_{}{{corpus=\"{}\",document=\"{}\",codec=\"{}\",cell=\"{}\"}} {:.17g}\n",
            reading.measure, label(record.corpus), label(record.document), label(record.codec),
            label(record.key), reading.value));
  });
  std::ranges::stable_sort(lines, {}, &std::pair<std::string_view, std::string>::first);
  std::string_view last;
  for (const auto& [measure, line] : lines) {
    if (measure != last) out << fmt::format("# TYPE evalzip_{} gauge\n", measure);
    last = measure;
    out << line;
  }
  out << "# EOF\n";
}

}  // namespace evalzip
