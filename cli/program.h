// What every command needs: the codecs, the places of corpora, the terminal.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/installed_codecs.h"

namespace evalzip {

struct Program {
  std::filesystem::path worker;        // the executable of the worker processes
  std::vector<std::string> arguments;  // as typed, without the program's name
  InstalledCodecs installed;

  bool colour = false;         // standard output is a terminal that wants colour
  bool live_progress = false;  // standard error is a terminal
  unsigned width = 100;        // columns of standard output
};

// Looks around. Throws as installed_codecs does.
Program start_program(int argc, const char* const* argv);

}  // namespace evalzip
