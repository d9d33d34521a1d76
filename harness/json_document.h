// JSON text -> nlohmann::json, stricter than the library: a key twice in one object, a number
// beyond double and nesting deeper than any of our formats are errors, and every error says where.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace evalzip {

// Throws RecordError.
nlohmann::json parse_json_document(std::string_view text);

}  // namespace evalzip
