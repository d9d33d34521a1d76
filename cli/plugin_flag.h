// --plugin: codecs of shared objects that the user names.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/program.h"

namespace evalzip {

// Loads as it is parsed.
void add_plugin_flag(CLI::App& command, Program& program);

// For arguments that are read a second time: the flag and nothing behind it.
void ignore_plugin_flag(CLI::App& command);

}  // namespace evalzip
