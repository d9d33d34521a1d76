// Parameters of a codec: what it accepts, and the values that one spec gives.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

// The user asked for a codec or a value that does not exist. The message names what was asked,
// what there is, and what to do.
class SpecError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One knob of a codec. `preset` is the value when the user says nothing.
struct Parameter {
  enum class Kind { integer, choice, text };

  std::string name;
  std::string summary;
  Kind kind = Kind::integer;
  std::int64_t first = 0, last = 0;  // integer: the closed range
  std::vector<std::string> choices;  // choice: the words, in the order to print
  std::string preset;                // as the user would type it
  // Named even when it has its preset value, because readers of a table expect to see it. A level
  // (a parameter named "level") is always named, in the short form `zstd:19`.
  bool always_named = false;
};

// Values of every parameter of one codec, checked against its table.
class Params {
 public:
  // Throws SpecError for an unknown key, a repeated key, or a value outside its range.
  Params(std::string_view codec, const std::vector<Parameter>& table,
         const std::map<std::string, std::string>& given);

  // The name must be in the table and have that kind: anything else is a bug in the codec.
  std::int64_t integer(std::string_view name) const;
  const std::string& text(std::string_view name) const;

  // The text after "codec:" that names these values and no others: "19,long=27"; empty if every
  // value goes without saying. Equal values give equal text.
  std::string canonical() const;

 private:
  const Parameter& find(std::string_view name, Parameter::Kind kind) const;

  std::vector<Parameter> table_;
  std::vector<std::string> values_;  // parallel to table_
};

}  // namespace evalzip
