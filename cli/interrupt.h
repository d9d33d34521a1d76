// Ctrl-C and its like end a run with its results kept.
#pragma once

namespace evalzip {

// From now on SIGINT, SIGTERM and SIGHUP are remembered instead of ending the program; a second one
// ends it at once.
void catch_interrupts();

// Whether one has come.
bool interrupted();

}  // namespace evalzip
