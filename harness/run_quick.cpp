#include "harness/run_quick.h"

#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "harness/record_fields.h"
#include "harness/utf8.h"

namespace evalzip {
namespace {

using simdjson::dom::element;

struct Refused {};

// The library throws simdjson_error for a value of another type.
void read(element json, std::string& to) { to = bytes_from_text(json.get_string()); }
void read(element json, bool& to) { to = json.get_bool(); }
void read(element json, double& to) { to = json.get_double(); }
void read(element json, std::uint64_t& to) { to = json.get_uint64(); }

void read(element json, unsigned& to) {
  const std::uint64_t number = json.get_uint64();
  if (number > std::numeric_limits<unsigned>::max()) throw Refused{};
  to = static_cast<unsigned>(number);
}

void read(element json, int& schema) {
  if (json.get_uint64() != std::uint64_t{kRunSchema}) throw Refused{};
  schema = kRunSchema;
}

void read(element json, Outcome& to) {
  const std::optional<Outcome> outcome = outcome_named(json.get_string());
  if (!outcome) throw Refused{};
  to = *outcome;
}

void read(element json, Record& to);
void read(element json, Environment& to);
void read(element json, Settings& to);
void read(element json, std::pair<std::string, std::string>& to);

template <class T>
void read(element json, std::vector<T>& to) {
  const simdjson::dom::array array = json.get_array();
  to.resize(array.size());
  std::size_t i = 0;
  for (const element one : array) read(one, to[i++]);
}

// Takes the members of an object one by one in the order of the visitor's calls. finish() after the
// last call.
class MembersInOrder {
 public:
  explicit MembersInOrder(simdjson::dom::object object)
      : next_(object.begin()), end_(object.end()) {}

  template <class T>
  void operator()(std::string_view name, T& to) {
    if (!comes(name)) throw Refused{};
    take(to);
  }

  template <class T>
  void operator()(std::string_view name, std::optional<T>& to) {
    if (comes(name)) take(to.emplace());
  }

  void finish() const {
    if (next_ != end_) throw Refused{};
  }

 private:
  bool comes(std::string_view name) const { return next_ != end_ && next_.key_equals(name); }

  template <class T>
  void take(T& to) {
    read(next_.value(), to);
    ++next_;
  }

  simdjson::dom::object::iterator next_, end_;
};

void read(element json, Record& to) {
  MembersInOrder members(json.get_object());
  visit_record(to, members);
  members.finish();
}

void read(element json, Environment& to) {
  MembersInOrder members(json.get_object());
  visit_environment(to, members);
  members.finish();
}

void read(element json, Settings& to) {
  MembersInOrder members(json.get_object());
  visit_settings(to, members);
  members.finish();
}

void read(element json, std::pair<std::string, std::string>& to) {
  MembersInOrder members(json.get_object());
  members("name", to.first);
  members("version", to.second);
  members.finish();
}

}  // namespace

std::optional<Run> read_run_quickly(const std::string& json) try {
  simdjson::dom::parser parser;
  MembersInOrder members(parser.parse(json).get_object());
  Run run;
  visit_run(run, members);
  members.finish();
  return run;
} catch (const simdjson::simdjson_error&) {
  return std::nullopt;
} catch (const Refused&) {
  return std::nullopt;
}

}  // namespace evalzip
