// Codec specs as users type them: `zstd:19`, `zstd:1..19`, `zstd:19,long=27`, `rans:order=1`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/registry.h"

namespace evalzip {

// One codec with one set of values.
struct CodecSpec {
  const CodecInfo* codec;  // owned by the registry, which must outlive the spec
  Params params;

  // The one way to write this spec; equal settings have equal names.
  std::string canonical() const;
};

// Parses a comma-separated list. `a..b` stands for every integer of the range, so one item may give
// several specs. An item `key=value` belongs to the codec before it. `all` is every codec at its
// preset. Duplicates are dropped, order is kept. Throws SpecError.
std::vector<CodecSpec> parse_codec_list(const Registry& registry, std::string_view text);

// Parses a text that must name exactly one setting, such as a canonical name.
CodecSpec parse_codec_spec(const Registry& registry, std::string_view text);

}  // namespace evalzip
