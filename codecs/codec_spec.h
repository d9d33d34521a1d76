// Codec specs as users type them: `zstd:19`, `zstd:1..19`, `zstd:19,long=27`, `rans:order=1`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/registry.h"

namespace evalzip {

// The model that a spec names, by a name of a manifest or by a path.
struct LocatedModel {
  std::string file;     // empty: not looked for, not needed, or missing
  std::string sha256;   // of the file
  std::string missing;  // why there is no file, and what to do; empty: nothing is missing
  std::string contamination = {};  // which test data it may have read; empty: nobody knows
};

// The parameter of codecs with Traits::needs_model whose value names the model.
inline constexpr const char* kModelParameter = "model";

// The parameters of codecs that look at numbers: their format, and how many are in a row.
inline constexpr const char* kNumberFormatParameter = "dtype";
inline constexpr const char* kColumnsParameter = "columns";

// One codec with one set of values.
struct CodecSpec {
  const CodecInfo* codec;  // owned by the registry, which must outlive the spec
  Params params;
  LocatedModel model = {};  // for codecs that need one; found by whoever knows where models lie

  // The one way to write this spec; equal settings have equal names.
  std::string canonical() const;

  // This setting for numbers of a known format in rows of known length, if the codec has parameters
  // for that and they were left at their presets; else this setting.
  CodecSpec for_numbers(const std::string& format, std::uint64_t columns) const;

  // `params` with the model's file in the place of its name.
  Params located_params() const;
};

// Parses a comma-separated list. `a..b` stands for every integer of the range, so one item may give
// several specs. An item `key=value` belongs to the codec before it. `all` is every codec at its
// preset, but for those that need a model, which have none, and for commands. Duplicates are
// dropped, order is kept. Throws SpecError.
std::vector<CodecSpec> parse_codec_list(const Registry& registry, std::string_view text);

// Parses a text that must name exactly one setting, such as a canonical name.
CodecSpec parse_codec_spec(const Registry& registry, std::string_view text);

}  // namespace evalzip
