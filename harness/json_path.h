// Where a value stands in a JSON document, for messages: "records[3].outcome".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evalzip {

// A chain of frames on the stack: nothing is allocated until text() is asked for.
struct JsonPath {
  const JsonPath* parent = nullptr;
  std::string_view name = {};  // of a member; an element has none
  std::size_t index = 0;       // of an element

  std::string text() const {
    if (parent == nullptr) return std::string(name);
    const std::string before = parent->text();
    if (name.empty()) return before + "[" + std::to_string(index) + "]";
    return before.empty() ? std::string(name) : before + "." + std::string(name);
  }
};

}  // namespace evalzip
