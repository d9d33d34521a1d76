// The codec that the first two bytes of a fuzzer's input choose, from all that are registered.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/codec_spec.h"
#include "codecs/plugin.h"
#include "codecs/registry.h"
#include "tests/tiny_model.h"

namespace evalzip {

// Keeps the last instance of each codec: to make one may cost more than to use it.
class FuzzedCodecs {
 public:
  // `without` names codecs that are known to fail under this fuzzer.
  FuzzedCodecs(const std::filesystem::path& plugins, const std::vector<std::string_view>& without)
      : registry_(builtin_codecs()) {
    load_plugin_folder(registry_, plugins);
    for (const CodecInfo& codec : registry_.all()) {
      const bool known_to_fail = std::ranges::find(without, codec.name) != without.end();
      if (!known_to_fail && is_wanted(codec.name)) codecs_.push_back(&codec);
    }
  }

  // Null where the setting is refused.
  Codec* choose(std::byte codec, std::byte setting) {
    if (codecs_.empty()) return nullptr;
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

  // Every number lies between its first value and its preset: beyond that levels search longer for
  // the same format. 0 is the preset of all; of the rest, each parameter takes a value of its own.
  std::map<std::string, std::string> values(const CodecInfo& info, std::byte setting) const {
    std::map<std::string, std::string> given;
    if (info.traits.needs_model) given[kModelParameter] = model_.path().string();
    if (setting == std::byte{0}) return given;
    std::minstd_rand random(std::to_integer<unsigned>(setting));
    for (const Parameter& parameter : info.parameters) {
      if (!parameter.choices.empty()) {
        given[parameter.name] = parameter.choices[random() % parameter.choices.size()];
      } else if (parameter.kind == Parameter::Kind::integer) {
        const std::int64_t preset = std::stoll(parameter.preset);
        const std::int64_t span = std::min<std::int64_t>(preset - parameter.first + 1, 256);
        const auto below = static_cast<std::int64_t>(random()) % span;
        given[parameter.name] = std::to_string(preset - below);
      }
    }
    return given;
  }

  // EVALZIP_FUZZ_CODECS names codecs, with commas between, that alone are to be fuzzed.
  static bool is_wanted(std::string_view name) {
    const char* const names = std::getenv("EVALZIP_FUZZ_CODECS");
    if (names == nullptr) return true;
    return ("," + std::string(names) + ",").find("," + std::string(name) + ",") !=
           std::string::npos;
  }

  TinyModelFile model_{{.architecture = "byte-llama"}};  // which takes every setting
  Registry registry_;
  std::vector<const CodecInfo*> codecs_;
  std::map<std::string, Made> made_;
};

}  // namespace evalzip
