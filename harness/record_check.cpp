#include "harness/record_check.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/record_fields.h"
#include "harness/record_json.h"

namespace evalzip {
namespace {

// Every double of the format is a time or a number of bits.
struct NumberChecker {
  const JsonPath& parent;

  void operator()(std::string_view name, double value) const {
    check(value, {.parent = &parent, .name = name});
  }
  void operator()(std::string_view name, const std::optional<double>& value) const {
    if (value) check(*value, {.parent = &parent, .name = name});
  }
  void operator()(std::string_view name, const std::vector<double>& values) const {
    const JsonPath path{.parent = &parent, .name = name};
    for (std::size_t i = 0; i < values.size(); ++i) {
      check(values[i], {.parent = &path, .index = i});
    }
  }
  template <class T>
  void operator()(std::string_view, const T&) const {}

  static void check(double value, const JsonPath& path) {
    if (std::isfinite(value) && value >= 0) return;
    throw RecordError(fmt::format("{} is {}, must be finite and not negative", path.text(), value));
  }
};

void check_parallel(std::size_t seconds, std::size_t others, const JsonPath& path) {
  if (others == 0 || others == seconds) return;
  throw RecordError(
      fmt::format("{} has {} values beside {} samples: must be parallel to the seconds, or empty",
                  path.text(), others, seconds));
}

}  // namespace

void check_record(const Record& record, const JsonPath& path) {
  visit_record(record, NumberChecker{path});
  const std::size_t encodes = record.encode_seconds.size();
  const std::size_t decodes = record.decode_seconds.size();
  check_parallel(encodes, record.encode_cpu_seconds.size(), {&path, "encode_cpu_seconds"});
  check_parallel(decodes, record.decode_cpu_seconds.size(), {&path, "decode_cpu_seconds"});
  check_parallel(encodes, record.encode_rounds.size(), {&path, "encode_rounds"});
  check_parallel(decodes, record.decode_rounds.size(), {&path, "decode_rounds"});
  if (record.outcome == Outcome::ok && !record.encoded_bytes) {
    throw RecordError(JsonPath{&path, "encoded_bytes"}.text() +
                      " is not there: a record whose outcome is ok has a size");
  }
}

void check_settings(const Settings& settings, const JsonPath& path) {
  visit_settings(settings, NumberChecker{path});
}

void check_run(const Run& run) {
  const JsonPath root;
  visit_run(run, NumberChecker{root});
  check_settings(run.settings, {.parent = &root, .name = "settings"});
  const JsonPath records{.parent = &root, .name = "records"};
  for (std::size_t i = 0; i < run.records.size(); ++i) {
    check_record(run.records[i], {.parent = &records, .index = i});
  }
}

}  // namespace evalzip
