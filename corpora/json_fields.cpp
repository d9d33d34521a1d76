#include "corpora/json_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "corpora/corpus.h"

namespace evalzip {
namespace {

using nlohmann::json;

[[noreturn]] void throw_malformed(const std::filesystem::path& path, const std::string& what) {
  throw CorpusError(CorpusError::Kind::usage,
                    fmt::format("{}: {} (the format: docs/corpora.md)", path.string(), what));
}

// The value as it stands in the file, cut to a length that fits a message.
std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  constexpr std::size_t kLongest = 60;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

}  // namespace

json parse_strict_json(std::string_view text, const std::filesystem::path& path) {
  std::vector<std::set<std::string>> open_objects;
  const json::parser_callback_t watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == json::parse_event_t::object_end) open_objects.pop_back();
    if (event == json::parse_event_t::key) {
      const std::string key = value.get<std::string>();
      if (!open_objects.back().insert(key).second) {
        throw_malformed(path,
                        fmt::format("the key \"{}\" stands twice in one object; keep one", key));
      }
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::parse_error& error) {
    const auto before = text.substr(0, std::min(error.byte, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    throw_malformed(
        path, fmt::format("line {} is not valid JSON ({}); mend it there", line, error.what()));
  } catch (const json::out_of_range& error) {
    throw_malformed(path, fmt::format("a number is beyond all that is stored ({})", error.what()));
  }
}

JsonFields::JsonFields(const json& object, std::filesystem::path path, std::string place)
    : object_(&object), path_(std::move(path)), place_(std::move(place)) {
  if (object.is_object()) return;
  throw_malformed(path_,
                  fmt::format("{} is {}; it must be an object {{...}}",
                              place_.empty() ? "the file's content" : place_, shown(object)));
}

std::string JsonFields::place_of(const std::string& key) const {
  return place_.empty() ? key : place_ + "." + key;
}

const json* JsonFields::take(const std::string& key) {
  taken_.push_back(key);
  const auto found = object_->find(key);
  return found == object_->end() ? nullptr : &*found;
}

const json& JsonFields::require(const std::string& key) {
  const json* value = take(key);
  if (value == nullptr) {
    throw_malformed(path_, fmt::format("{} is missing; add \"{}\"", place_of(key), key));
  }
  return *value;
}

void JsonFields::refuse(const std::string& field, const std::string& found,
                        const std::string& remedy) const {
  throw_malformed(path_, fmt::format("{} is {}; {}", place_of(field), found, remedy));
}

std::string JsonFields::text(const std::string& key) {
  const json& value = require(key);
  if (!value.is_string()) refuse(key, shown(value), "it must be a text in quotes");
  if (value.get_ref<const std::string&>().empty()) refuse(key, "\"\"", "it must not be empty");
  return value.get<std::string>();
}

std::optional<std::string> JsonFields::optional_text(const std::string& key) {
  if (!object_->contains(key)) {
    take(key);
    return std::nullopt;
  }
  return text(key);
}

std::uint64_t JsonFields::whole_number(const std::string& key) {
  const json& value = require(key);
  if (!value.is_number_unsigned()) {
    refuse(key, shown(value), "it must be a whole number of bytes, 0 or more, without quotes");
  }
  return value.get<std::uint64_t>();
}

std::optional<std::uint64_t> JsonFields::optional_whole_number(const std::string& key) {
  if (!object_->contains(key)) {
    take(key);
    return std::nullopt;
  }
  return whole_number(key);
}

std::optional<std::string> JsonFields::optional_hash(const std::string& key, std::size_t digits) {
  std::optional<std::string> hash = optional_text(key);
  if (!hash) return hash;
  const bool hex = hash->find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex || hash->size() != digits) {
    refuse(key, shown(*hash),
           fmt::format("it must be {} digits 0-9a-f, as {}sum prints them", digits, key));
  }
  return hash;
}

std::vector<std::string> JsonFields::optional_texts(const std::string& key) {
  const json* value = take(key);
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (!value->is_array()) refuse(key, shown(*value), "it must be an array [...] of texts");
  for (const json& item : *value) {
    if (!item.is_string()) refuse(key, shown(*value), "each of its items must be a text in quotes");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::vector<JsonFields> JsonFields::objects(const std::string& key) {
  const json* value = take(key);
  std::vector<JsonFields> result;
  if (value == nullptr) return result;
  if (!value->is_array()) refuse(key, shown(*value), "it must be an array [...] of objects");
  for (std::size_t i = 0; i < value->size(); ++i) {
    result.emplace_back((*value)[i], path_, fmt::format("{}[{}]", place_of(key), i));
  }
  return result;
}

std::optional<JsonFields> JsonFields::optional_object(const std::string& key) {
  const json* value = take(key);
  if (value == nullptr) return std::nullopt;
  return JsonFields(*value, path_, place_of(key));
}

void JsonFields::close() const {
  for (const auto& [key, value] : object_->items()) {
    if (std::find(taken_.begin(), taken_.end(), key) == taken_.end()) {
      refuse(key, shown(value),
             fmt::format("there is no such field here (known: {})", fmt::join(taken_, ", ")));
    }
  }
}

}  // namespace evalzip
