// The folder in which a process keeps the files of its command codecs.
#pragma once

#include <filesystem>

#include <sys/types.h>

namespace evalzip {

// Known by the process alone, so that whoever killed it can clear up after it.
std::filesystem::path command_scratch(pid_t process);

// Removes the folder and all in it, if there is one.
void remove_command_scratch(pid_t process);

// Those of processes that are no more: left by a run that was killed with its workers.
void remove_stale_command_scratch();

}  // namespace evalzip
