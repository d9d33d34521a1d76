// Ctrl-C and its like end a run with its results kept.
#pragma once

#include <filesystem>

namespace evalzip {

// From now on SIGINT, SIGTERM and SIGHUP are remembered instead of ending the program; a second one
// ends it at once.
void catch_interrupts();

// Whether one has come.
bool interrupted();

// Meanwhile these signals remove the file called `path` and end the program with code 130: for work
// that cannot look at interrupted() often enough. One at a time. Throws std::length_error for a
// path that the system would refuse anyway.
class RemovedWhenInterrupted {
 public:
  explicit RemovedWhenInterrupted(const std::filesystem::path& path);
  ~RemovedWhenInterrupted();
  RemovedWhenInterrupted(const RemovedWhenInterrupted&) = delete;
  RemovedWhenInterrupted& operator=(const RemovedWhenInterrupted&) = delete;
};

}  // namespace evalzip
