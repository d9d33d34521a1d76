// What `evalzip run` measures when no codec is named.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codecs/codec_spec.h"

namespace evalzip {

struct DefaultCodecs {
  std::vector<CodecSpec> specs;
  std::vector<std::string> unavailable;  // specs whose codec is not installed here
};

// One or more settings of each family, from the fastest to the strongest.
DefaultCodecs default_codecs(const Registry& registry);

// The settings that the texts of --codec name; the default ones if there are none. `unavailable` is
// told what of those is not installed. Throws SpecError.
std::vector<CodecSpec> chosen_codecs(const std::vector<std::string>& texts,
                                     const Registry& registry,
                                     const std::function<void(const std::string&)>& unavailable);

// Time for a run of the default codecs over `bytes` bytes, unless the user names another.
double default_budget_seconds(std::uint64_t bytes);

}  // namespace evalzip
