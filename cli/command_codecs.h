// Codecs that are programs: as --codec spells them out, or from the files of EVALZIP_COMMANDS.
#pragma once

#include <string>
#include <vector>

#include "codecs/codec_spec.h"
#include "codecs/plugin.h"

namespace evalzip {

// Adds each element that begins with "cmd:" to the registry and puts the name there instead. Throws
// SpecError, also where its program is not installed.
void define_commands(std::vector<std::string>& codecs, Registry& registry);

// The commands of the files that EVALZIP_COMMANDS names (apart by colons). Those whose program is
// not installed are told in `unloadable`. Throws SpecError for a file that cannot be read.
void load_commands(Registry& registry, std::vector<PluginFailure>& unloadable);

// For each command among them: how long its program takes for an empty file, which is what it costs
// to start it and is part of every time.
std::vector<std::string> start_notes(const std::vector<CodecSpec>& codecs);

}  // namespace evalzip
