// The folder in which a process keeps the files of its command codecs.
#pragma once

#include <filesystem>

#include <sys/types.h>

namespace evalzip {

// Known by the process alone, so that whoever killed it can clear up after it.
std::filesystem::path command_scratch(pid_t process);

// Removes the folder and all in it, if there is one.
void remove_command_scratch(pid_t process);

}  // namespace evalzip
