#include "cli/default_codecs.h"

#include <array>
#include <string_view>

namespace evalzip {
namespace {

constexpr std::array<std::string_view, 24> kDefaults{
    "store",  "huffman", "rans:order=0", "rans:order=1", "arithmetic:order=1", "lz4",     "lz4hc:9",
    "snappy", "zlib:6",  "igzip:1",      "libdeflate:6", "libdeflate:12",      "zstd:1",  "zstd:3",
    "zstd:9", "zstd:19", "brotli:1",     "brotli:5",     "brotli:11",          "bzip2:9", "bzip3",
    "xz:1",   "xz:6",    "xz:9"};

}  // namespace

DefaultCodecs default_codecs(const Registry& registry) {
  DefaultCodecs defaults;
  for (const std::string_view text : kDefaults) {
    if (registry.find(text.substr(0, text.find(':'))) == nullptr) {
      defaults.unavailable.emplace_back(text);
    } else {
      defaults.specs.push_back(parse_codec_spec(registry, text));
    }
  }
  return defaults;
}

}  // namespace evalzip
