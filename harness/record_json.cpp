#include "harness/record_json.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/json_document.h"
#include "harness/json_path.h"
#include "harness/record_check.h"
#include "harness/record_fields.h"
#include "harness/run_quick.h"
#include "harness/utf8.h"

namespace evalzip {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // members stay in the order written

// ---- reading

[[noreturn]] void refuse(const JsonPath& path, const Json& found, std::string_view wanted) {
  constexpr std::size_t kLongestQuote = 60;
  std::string quote = found.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (quote.size() > kLongestQuote) quote = quote.substr(0, kLongestQuote) + "...";
  const std::string place = path.text();
  throw RecordError(
      fmt::format("{} is {}, must be {}", place.empty() ? "the JSON" : place, quote, wanted));
}

void read(const Json& json, std::string& to, const JsonPath& path) {
  if (!json.is_string()) refuse(path, json, "a string");
  to = bytes_from_text(json.get_ref<const std::string&>());
}

void read(const Json& json, bool& to, const JsonPath& path) {
  if (!json.is_boolean()) refuse(path, json, "true or false");
  to = json.get<bool>();
}

void read(const Json& json, double& to, const JsonPath& path) {
  if (!json.is_number()) refuse(path, json, "a number");
  to = json.get<double>();
}

void read(const Json& json, std::uint64_t& to, const JsonPath& path) {
  if (!json.is_number_unsigned()) refuse(path, json, "a whole number from 0 to 2^64 - 1");
  to = json.get<std::uint64_t>();
}

void read(const Json& json, unsigned& to, const JsonPath& path) {
  constexpr unsigned kMost = std::numeric_limits<unsigned>::max();
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > kMost) {
    refuse(path, json, fmt::format("a whole number from 0 to {}", kMost));
  }
  to = json.get<unsigned>();
}

void read(const Json& json, Outcome& to, const JsonPath& path) {
  std::string word;
  read(json, word, path);
  if (const std::optional<Outcome> outcome = outcome_named(word)) {
    to = *outcome;
    return;
  }
  std::vector<std::string_view> known;
  for (const Outcome outcome : kOutcomes) known.push_back(to_string(outcome));
  refuse(path, json, fmt::format("one of: {}", fmt::join(known, ", ")));
}

void read(const Json& json, int& schema, const JsonPath& path);
void read(const Json& json, Record& to, const JsonPath& path);
void read(const Json& json, Environment& to, const JsonPath& path);
void read(const Json& json, Settings& to, const JsonPath& path);
void read(const Json& json, std::pair<std::string, std::string>& to, const JsonPath& path);

template <class T>
void read(const Json& json, std::vector<T>& to, const JsonPath& path) {
  if (!json.is_array()) refuse(path, json, "an array");
  to.resize(json.size());
  for (std::size_t i = 0; i < to.size(); ++i) read(json[i], to[i], {.parent = &path, .index = i});
}

// The members of one object. A field that record.h makes optional may be absent, others not.
class MemberReader {
 public:
  MemberReader(const Json& json, const JsonPath& path) : json_(json), path_(path) {
    if (!json.is_object()) refuse(path, json, "an object");
  }

  template <class T>
  void operator()(std::string_view name, T& to) const {
    const JsonPath path{.parent = &path_, .name = name};
    const auto found = json_.find(name);
    if (found == json_.end()) throw RecordError(path.text() + " is not there");
    read(*found, to, path);
  }

  template <class T>
  void operator()(std::string_view name, std::optional<T>& to) const {
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    read(*found, to.emplace(), {.parent = &path_, .name = name});
  }

 private:
  const Json& json_;
  const JsonPath& path_;
};

void read(const Json& json, std::pair<std::string, std::string>& to, const JsonPath& path) {
  const MemberReader member(json, path);
  member("name", to.first);
  member("version", to.second);
}

void read(const Json& json, Record& to, const JsonPath& path) {
  visit_record(to, MemberReader(json, path));
}

void read(const Json& json, Environment& to, const JsonPath& path) {
  visit_environment(to, MemberReader(json, path));
}

void read(const Json& json, Settings& to, const JsonPath& path) {
  visit_settings(to, MemberReader(json, path));
}

// Before anything else is read: a newer format may have changed anything else.
void read(const Json& json, int& schema, const JsonPath& path) {
  if (!json.is_number_unsigned() || json == 0) refuse(path, json, "a whole number from 1");
  if (json > kRunSchema) {
    throw RecordError(
        fmt::format("the run has {} {}, this evalzip reads up to {}: use the evalzip that wrote it "
                    "or a newer one",
                    path.text(), json.dump(), kRunSchema));
  }
  schema = json.get<int>();
}

// ---- writing

template <class T>
OrderedJson written(const T& value) {
  return value;
}

OrderedJson written(const std::string& value) { return text_from_bytes(value); }
OrderedJson written(Outcome value) { return to_string(value); }
OrderedJson written(const std::vector<std::string>& values);
OrderedJson written(const std::vector<std::pair<std::string, std::string>>& values);
OrderedJson written(const Record& value);
OrderedJson written(const Environment& value);
OrderedJson written(const Settings& value);

struct MemberWriter {
  OrderedJson& object;

  template <class T>
  void operator()(const char* name, const T& value) const {
    add(name, written(value));
  }

  template <class T>
  void operator()(const char* name, const std::optional<T>& value) const {
    if (value) add(name, written(*value));
  }

  // Names differ, which the library would make sure of by looking at all that is there.
  void add(const char* name, OrderedJson value) const {
    object.get_ref<OrderedJson::object_t&>().emplace_back(name, std::move(value));
  }
};

template <class T>
OrderedJson written_each(const std::vector<T>& values) {
  OrderedJson array = OrderedJson::array();
  for (const T& value : values) array.push_back(written(value));
  return array;
}

OrderedJson written(const std::vector<std::string>& values) { return written_each(values); }

OrderedJson written(const std::vector<std::pair<std::string, std::string>>& values) {
  OrderedJson array = OrderedJson::array();
  for (const auto& [name, version] : values) {
    array.push_back({{"name", written(name)}, {"version", written(version)}});
  }
  return array;
}

OrderedJson written(const Record& value) {
  OrderedJson object = OrderedJson::object();
  visit_record(value, MemberWriter{object});
  return object;
}

OrderedJson written(const Environment& value) {
  OrderedJson object = OrderedJson::object();
  visit_environment(value, MemberWriter{object});
  return object;
}

OrderedJson written(const Settings& value) {
  OrderedJson object = OrderedJson::object();
  visit_settings(value, MemberWriter{object});
  return object;
}

// Two spaces a level, and an array of plain values on one line: samples are read as a row.
void append_pretty(const OrderedJson& json, std::string& text, std::size_t indent) {
  const bool plain = std::none_of(
      json.begin(), json.end(), [](const OrderedJson& element) { return element.is_structured(); });
  if (!json.is_structured() || json.empty() || (json.is_array() && plain)) {
    text += json.dump();
    return;
  }
  text += json.is_array() ? "[" : "{";
  std::string_view separator = "\n";
  for (const auto& [name, element] : json.items()) {
    text.append(separator).append(indent + 2, ' ');
    if (json.is_object()) text.append(OrderedJson(name).dump()).append(": ");
    append_pretty(element, text, indent + 2);
    separator = ",\n";
  }
  text.append("\n").append(indent, ' ');
  text += json.is_array() ? "]" : "}";
}

// A run's own members. Its records one by one: all at once they would take six times the memory of
// the text.
struct PrettyRunWriter {
  std::string& text;
  std::string_view separator = "{\n";

  template <class T>
  void operator()(const char* name, const T& value) {
    start(name);
    append_pretty(written(value), text, 2);
  }

  void operator()(const char* name, const std::vector<Record>& records) {
    start(name);
    text += "[";
    std::string_view between = "\n    ";
    for (const Record& record : records) {
      text += between;
      append_pretty(written(record), text, 4);
      between = ",\n    ";
    }
    text += records.empty() ? "]" : "\n  ]";
  }

  void start(const char* name) {
    text.append(separator).append("  ").append(OrderedJson(name).dump()).append(": ");
    separator = ",\n";
  }
};

}  // namespace

Run parse_run(const std::string& json) {
  std::optional<Run> run = read_run_quickly(json);
  if (!run) {
    const Json document = parse_json_document(json);
    const JsonPath root;
    visit_run(run.emplace(), MemberReader(document, root));
  }
  check_run(*run);
  return *std::move(run);
}

std::string format_run(const Run& run) {
  check_run(run);
  std::string text;
  visit_run(run, PrettyRunWriter{text});
  text += "\n}\n";
  return text;
}

Record parse_record(std::string_view json) {
  Record record;
  read(parse_json_document(json), record, JsonPath{});
  check_record(record, JsonPath{});
  return record;
}

std::string format_record(const Record& record) {
  check_record(record, JsonPath{});
  return written(record).dump();
}

Settings parse_settings(std::string_view json) {
  Settings settings;
  read(parse_json_document(json), settings, JsonPath{});
  check_settings(settings, JsonPath{});
  return settings;
}

std::string format_settings(const Settings& settings) {
  check_settings(settings, JsonPath{});
  return written(settings).dump();
}

}  // namespace evalzip
