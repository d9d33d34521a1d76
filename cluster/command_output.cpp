#include "cluster/command_output.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "harness/descriptor_io.h"
#include "harness/worker_process.h"

extern char** environ;

namespace evalzip {
namespace {

// What the child has as its output streams, and that it leads a group of its own.
class SpawnSetting {
 public:
  SpawnSetting(int out, int err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  ~SpawnSetting() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetting(const SpawnSetting&) = delete;
  SpawnSetting& operator=(const SpawnSetting&) = delete;

  int spawn(pid_t& child, char* const* words) const {
    return posix_spawnp(&child, words[0], &actions_, &attributes_, words, environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string text_of(const AnonymousFile& file) {
  lseek(file.descriptor(), 0, SEEK_SET);
  return read_to_end(file.descriptor());
}

}  // namespace

CommandOutput run_command(const std::vector<std::string>& words) {
  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  for (std::string& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const AnonymousFile out, err;
  pid_t child = 0;
  const int error = SpawnSetting(out.descriptor(), err.descriptor()).spawn(child, pointers.data());
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot start " + words[0]);
  }
  const int status = wait_for(child);
  return {.status = status, .out = text_of(out), .err = text_of(err)};
}

}  // namespace evalzip
