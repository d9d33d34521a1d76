// The list of all corpora, as `evalzip corpus list` and `evalzip list corpora` print it.
#pragma once

#include "cli/program.h"

namespace evalzip {

// Prints a line for each corpus, or a JSON array for programs. Returns the exit code.
int print_corpora(const Program& program, bool as_json);

}  // namespace evalzip
