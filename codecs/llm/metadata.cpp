#include "codecs/llm/metadata.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "codecs/llm/model_error.h"

namespace evalzip {
namespace {

// In the order of MetadataValue's alternatives.
constexpr std::array<std::string_view, 11> kKinds = {"a flag",
                                                     "an integer",
                                                     "an integer",
                                                     "a number",
                                                     "a text",
                                                     "an array of flags",
                                                     "an array of integers",
                                                     "an array of integers",
                                                     "an array of numbers",
                                                     "an array of texts",
                                                     "an array of arrays, or an empty one"};

template <class Value>
std::optional<Value> exact(const MetadataValue& value) {
  if (const auto* found = std::get_if<Value>(&value.value)) return *found;
  return std::nullopt;
}

bool is_empty_array(const MetadataValue& value) {
  const auto* array = std::get_if<MetadataArray>(&value.value);
  return array != nullptr && array->empty();
}

std::optional<std::uint64_t> as_whole_number(const MetadataValue& value) {
  if (const auto number = exact<std::uint64_t>(value)) return number;
  const auto number = exact<std::int64_t>(value);
  if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
  return std::nullopt;
}

std::optional<double> as_number(const MetadataValue& value) {
  if (const auto number = exact<double>(value)) return number;
  if (const auto number = exact<std::int64_t>(value)) return static_cast<double>(*number);
  if (const auto number = exact<std::uint64_t>(value)) return static_cast<double>(*number);
  return std::nullopt;
}

std::optional<std::span<const std::string_view>> as_texts(const MetadataValue& value) {
  if (is_empty_array(value)) return std::span<const std::string_view>();
  if (const auto* texts = std::get_if<std::vector<std::string_view>>(&value.value)) return *texts;
  return std::nullopt;
}

std::optional<std::vector<std::int64_t>> as_integers(const MetadataValue& value) {
  if (is_empty_array(value)) return std::vector<std::int64_t>();
  if (auto integers = exact<std::vector<std::int64_t>>(value)) return integers;
  const auto* wide = std::get_if<std::vector<std::uint64_t>>(&value.value);
  if (wide == nullptr) return std::nullopt;
  std::vector<std::int64_t> integers;
  for (const std::uint64_t number : *wide) {
    if (number > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    integers.push_back(static_cast<std::int64_t>(number));
  }
  return integers;
}

std::optional<std::vector<double>> as_numbers(const MetadataValue& value) {
  if (auto numbers = exact<std::vector<double>>(value)) return numbers;
  const auto integers = as_integers(value);
  if (!integers) return std::nullopt;
  return std::vector<double>(integers->begin(), integers->end());
}

}  // namespace

std::string_view kind_of(const MetadataValue& value) { return kKinds[value.value.index()]; }

void Metadata::add(std::string_view key, MetadataValue value) {
  if (!values_.emplace(std::string(key), std::move(value)).second) {
    throw ModelError(
        fmt::format("{}: the metadata key {} stands there twice; the file is damaged, get it again",
                    file_, key));
  }
}

void Metadata::add_text(std::string_view key, std::string text) {
  own_texts_.push_back(std::move(text));
  add(key, {std::string_view(own_texts_.back())});
}

const MetadataValue* Metadata::find(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

void Metadata::refuse(std::string_view key, std::string_view wanted) const {
  const MetadataValue* value = find(key);
  const std::string found = value == nullptr
                                ? fmt::format("no such key among its {}", values_.size())
                                : std::string(kind_of(*value));
  throw ModelError(fmt::format(
      "{}: asked for {} in the metadata key {}, found {}; convert the model anew with a current "
      "converter",
      file_, wanted, key, found));
}

std::optional<std::uint64_t> Metadata::find_whole_number(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto number = as_whole_number(*value);
  if (!number) refuse(key, "a whole number, 0 or more,");
  return number;
}

std::optional<double> Metadata::find_number(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto number = as_number(*value);
  if (!number) refuse(key, "a number");
  return number;
}

std::optional<bool> Metadata::find_flag(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto flag = exact<bool>(*value);
  if (!flag) refuse(key, "a flag");
  return flag;
}

std::optional<std::string_view> Metadata::find_text(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto text = exact<std::string_view>(*value);
  if (!text) refuse(key, "a text");
  return text;
}

std::optional<std::span<const std::string_view>> Metadata::find_texts(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto texts = as_texts(*value);
  if (!texts) refuse(key, "an array of texts");
  return texts;
}

std::optional<std::vector<std::int64_t>> Metadata::find_integers(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  auto integers = as_integers(*value);
  if (!integers) refuse(key, "an array of integers");
  return integers;
}

std::optional<std::vector<double>> Metadata::find_numbers(std::string_view key) const {
  const MetadataValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  auto numbers = as_numbers(*value);
  if (!numbers) refuse(key, "an array of numbers");
  return numbers;
}

std::uint64_t Metadata::whole_number(std::string_view key) const {
  const auto number = find_whole_number(key);
  if (!number) refuse(key, "a whole number");
  return *number;
}

double Metadata::number(std::string_view key) const {
  const auto number = find_number(key);
  if (!number) refuse(key, "a number");
  return *number;
}

std::string_view Metadata::text(std::string_view key) const {
  const auto text = find_text(key);
  if (!text) refuse(key, "a text");
  return *text;
}

std::span<const std::string_view> Metadata::texts(std::string_view key) const {
  const auto texts = find_texts(key);
  if (!texts) refuse(key, "an array of texts");
  return *texts;
}

}  // namespace evalzip
