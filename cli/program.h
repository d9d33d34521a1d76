// What every command needs: the codecs, the places of corpora, the terminal.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codecs/plugin.h"
#include "codecs/registry.h"

namespace evalzip {

struct Program {
  std::filesystem::path path;          // of the executable
  std::vector<std::string> arguments;  // as typed, without the program's name
  Registry codecs;
  std::vector<PluginFailure> unloadable;  // plugins that exist and could not be loaded

  bool colour = false;         // standard output is a terminal that wants colour
  bool live_progress = false;  // standard error is a terminal
  unsigned width = 100;        // columns of standard output
};

// Looks around: the built-in codecs, then the plugins beside the program, then those in the folders
// and files of EVALZIP_PLUGIN_PATH (separated by colons). A plugin named there that cannot be
// loaded is an error of the user: SpecError.
Program start_program(int argc, const char* const* argv);

}  // namespace evalzip
