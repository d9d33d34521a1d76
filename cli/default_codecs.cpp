#include "cli/default_codecs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace evalzip {
namespace {

constexpr std::array<std::string_view, 19> kDefaults{
    "store",   "huffman", "rans:order=1",  "arithmetic:order=1",
    "cm:2",    "cm:6",    "llm:threads=2", "lz4",
    "snappy",  "zlib:6",  "libdeflate:6",  "zstd:1",
    "zstd:3",  "zstd:19", "brotli:5",      "brotli:11",
    "bzip2:9", "bzip3",   "xz:6"};

// Enough for some rounds of the default codecs over the demo corpus on an ordinary machine, and no
// more than ten minutes over 100 MB, the end included.
constexpr double kLeastSeconds = 340, kSecondsPerMegabyte = 4, kMostSeconds = 540;

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

std::vector<CodecSpec> chosen_codecs(const std::vector<std::string>& texts,
                                     const Registry& registry,
                                     const std::function<void(const std::string&)>& unavailable) {
  if (!texts.empty()) return parse_codec_list(registry, fmt::format("{}", fmt::join(texts, ",")));
  DefaultCodecs defaults = default_codecs(registry);
  if (!defaults.unavailable.empty()) {
    unavailable(
        fmt::format("not built here, so left out: {}", fmt::join(defaults.unavailable, ", ")));
  }
  return std::move(defaults.specs);
}

double default_budget_seconds(std::uint64_t bytes) {
  return std::min(kLeastSeconds + kSecondsPerMegabyte * static_cast<double>(bytes) / 1e6,
                  kMostSeconds);
}

}  // namespace evalzip
