// Completion of commands, options and values in shells.
#pragma once

#include <string>

#include "cli/option_table.h"

namespace evalzip {

// Scripts that the shells load. Names of codecs, corpora, models and formats are asked of the
// program when they are wanted; other values complete as files.
std::string bash_completion(const CommandRow& program);
std::string zsh_completion(const CommandRow& program);
std::string fish_completion(const CommandRow& program);

}  // namespace evalzip
