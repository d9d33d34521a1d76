#include "codecs/params.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace evalzip {
namespace {

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The value as canonical() prints it: "+07" and "7" must not name two different cells.
std::string checked(std::string_view codec, const Parameter& parameter, const std::string& text) {
  switch (parameter.kind) {
    case Parameter::Kind::integer: {
      const auto value = parse_integer(text);
      if (!value || *value < parameter.first || *value > parameter.last) {
        throw SpecError(fmt::format("{}: {} is '{}', but it must be a whole number from {} to {}",
                                    codec, parameter.name, text, parameter.first, parameter.last));
      }
      return fmt::to_string(*value);
    }
    case Parameter::Kind::choice:
      if (std::ranges::find(parameter.choices, text) == parameter.choices.end()) {
        throw SpecError(fmt::format("{}: {} is '{}', but it must be one of: {}", codec,
                                    parameter.name, text, fmt::join(parameter.choices, ", ")));
      }
      return text;
    case Parameter::Kind::text:
      return text;
  }
  return text;
}

std::string known_names(const std::vector<Parameter>& table) {
  if (table.empty()) return "it has no parameters";
  std::vector<std::string_view> names;
  for (const Parameter& parameter : table) names.push_back(parameter.name);
  return fmt::format("known: {}", fmt::join(names, ", "));
}

}  // namespace

Params::Params(std::string_view codec, const std::vector<Parameter>& table,
               const std::map<std::string, std::string>& given)
    : table_(table) {
  for (const auto& [name, text] : given) {
    if (std::ranges::find(table, name, &Parameter::name) == table.end()) {
      throw SpecError(
          fmt::format("{} has no parameter '{}' ({})", codec, name, known_names(table)));
    }
  }
  for (const Parameter& parameter : table) {
    const auto it = given.find(parameter.name);
    values_.push_back(it == given.end() ? parameter.preset : checked(codec, parameter, it->second));
  }
}

const Parameter& Params::find(std::string_view name, Parameter::Kind kind) const {
  const auto it = std::ranges::find(table_, name, &Parameter::name);
  assert(it != table_.end() && it->kind == kind);
  static_cast<void>(kind);
  return *it;
}

std::int64_t Params::integer(std::string_view name) const {
  const Parameter& parameter = find(name, Parameter::Kind::integer);
  return *parse_integer(values_[&parameter - table_.data()]);
}

const std::string& Params::text(std::string_view name) const {
  const auto it = std::ranges::find(table_, name, &Parameter::name);
  assert(it != table_.end() && it->kind != Parameter::Kind::integer);
  return values_[it - table_.begin()];
}

std::string Params::canonical() const {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const Parameter& parameter = table_[i];
    if (parameter.name == "level") {
      parts.push_back(values_[i]);
    } else if ((parameter.always_named && !values_[i].empty()) || values_[i] != parameter.preset) {
      parts.push_back(parameter.name + "=" + values_[i]);
    }
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

}  // namespace evalzip
