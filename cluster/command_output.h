// A program run to its end, its output as text.
#pragma once

#include <string>
#include <vector>

namespace evalzip {

struct CommandOutput {
  int status = 0;  // of exit; 128 + N: killed by signal N
  std::string out, err;
};

// `words[0]` is looked for in PATH. Keys typed on the terminal do not reach it, so that Ctrl-C
// never leaves a submission half done. Throws std::system_error that names the program if it cannot
// be started.
CommandOutput run_command(const std::vector<std::string>& words);

}  // namespace evalzip
