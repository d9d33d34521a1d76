// The codec that the first two bytes of a fuzzer's input choose, from all that are registered.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/plugin.h"
#include "codecs/registry.h"

namespace evalzip {

// Keeps the last instance of each codec: to make one may cost more than to use it.
class FuzzedCodecs {
 public:
  // `without` names codecs that are known to fail under this fuzzer.
  FuzzedCodecs(const std::filesystem::path& plugins, const std::vector<std::string_view>& without)
      : registry_(builtin_codecs()) {
    load_plugin_folder(registry_, plugins);
    for (const CodecInfo& codec : registry_.all()) {
      if (std::ranges::find(without, codec.name) == without.end()) codecs_.push_back(&codec);
    }
  }

  // Null where the setting is refused.
  Codec* choose(std::byte codec, std::byte setting) {
    const CodecInfo& info = *codecs_[std::to_integer<std::size_t>(codec) % codecs_.size()];
    const Params params(info.name, info.parameters, values(info, setting));
    Made& made = made_[info.name];
    if (made.setting == params.canonical()) return made.codec.get();
    made = {params.canonical(), nullptr};
    try {
      made.codec = info.make(params);
    } catch (const SpecError&) {
      // The ranges of two parameters may hold pairs that do not go together.
    }
    return made.codec.get();
  }

 private:
  struct Made {
    std::optional<std::string> setting;
    std::unique_ptr<Codec> codec;
  };

  // Every parameter lies between its first value and its preset: beyond that levels search longer
  // for the same format. 0 is the preset of all.
  static std::map<std::string, std::string> values(const CodecInfo& info, std::byte setting) {
    std::map<std::string, std::string> given;
    for (const Parameter& parameter : info.parameters) {
      if (parameter.kind != Parameter::Kind::integer) continue;
      const std::int64_t preset = std::stoll(parameter.preset);
      const std::int64_t span = std::min<std::int64_t>(preset - parameter.first + 1, 256);
      const std::int64_t value = preset - std::to_integer<std::int64_t>(setting) % span;
      given[parameter.name] = std::to_string(value);
    }
    return given;
  }

  Registry registry_;
  std::vector<const CodecInfo*> codecs_;
  std::map<std::string, Made> made_;
};

}  // namespace evalzip
