#include "harness/json_quick.h"

#include <simdjson.h>

#include <string>

namespace evalzip {
namespace {

using simdjson::dom::element_type;

struct Refused {};

nlohmann::json copy(const simdjson::dom::element& element);

nlohmann::json copy_array(const simdjson::dom::array& array) {
  nlohmann::json to = nlohmann::json::array();
  auto& values = to.get_ref<nlohmann::json::array_t&>();
  values.reserve(array.size());
  for (const simdjson::dom::element& one : array) values.push_back(copy(one));
  return to;
}

nlohmann::json copy_object(const simdjson::dom::object& object) {
  nlohmann::json to = nlohmann::json::object();
  auto& members = to.get_ref<nlohmann::json::object_t&>();
  for (const simdjson::dom::key_value_pair& member : object) {
    if (!members.emplace(std::string(member.key), copy(member.value)).second) throw Refused{};
  }
  return to;
}

nlohmann::json copy(const simdjson::dom::element& element) {
  switch (element.type()) {
    case element_type::ARRAY:
      return copy_array(element.get_array().value_unsafe());
    case element_type::OBJECT:
      return copy_object(element.get_object().value_unsafe());
    case element_type::INT64: {
      const std::int64_t value = element.get_int64().value_unsafe();
      if (value < 0) return value;
      return static_cast<std::uint64_t>(value);  // as nlohmann has it
    }
    case element_type::UINT64:
      return element.get_uint64().value_unsafe();
    case element_type::DOUBLE:
      return element.get_double().value_unsafe();
    case element_type::STRING:
      return std::string(element.get_string().value_unsafe());
    case element_type::BOOL:
      return element.get_bool().value_unsafe();
    case element_type::NULL_VALUE:
      return nullptr;
  }
  throw Refused{};
}

}  // namespace

std::optional<nlohmann::json> parse_json_quickly(std::string_view text, std::size_t deepest) {
  simdjson::dom::parser parser;
  if (parser.allocate(text.size(), deepest) != simdjson::SUCCESS) return std::nullopt;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  try {
    return copy(root);
  } catch (const Refused&) {
    return std::nullopt;
  }
}

}  // namespace evalzip
