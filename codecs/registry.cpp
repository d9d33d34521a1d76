#include "codecs/registry.h"

#include <algorithm>

#include <fmt/format.h>

namespace evalzip {

void Registry::add(CodecInfo info) {
  if (find(info.name) != nullptr) {
    throw SpecError(fmt::format("two codecs are named '{}': rename or remove one", info.name));
  }
  codecs_.push_back(std::move(info));
}

const CodecInfo* Registry::find(std::string_view name) const {
  const auto it = std::ranges::find(codecs_, name, &CodecInfo::name);
  return it == codecs_.end() ? nullptr : &*it;
}

}  // namespace evalzip
