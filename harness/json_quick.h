// JSON text -> nlohmann::json at hundreds of megabytes a second, for texts without fault.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

namespace evalzip {

// Absent where anything is amiss: bad JSON, a key twice in one object, a number beyond its type,
// nesting deeper than `deepest`. The caller's slower parser then says what and where. What is not
// absent equals nlohmann's own parse.
std::optional<nlohmann::json> parse_json_quickly(std::string_view text, std::size_t deepest);

}  // namespace evalzip
