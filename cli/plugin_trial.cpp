#include "cli/plugin_trial.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <system_error>

#include "codecs/plugin.h"

namespace evalzip {
namespace {

constexpr unsigned kPatienceSeconds = 10;
constexpr int kWentWell = 42;  // no library ends a process with that

[[noreturn]] void load_and_end(const std::filesystem::path& shared_object) {
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, stream);
  for (const int fatal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM})
    signal(fatal, SIG_DFL);
  alarm(kPatienceSeconds);
  try {
    Registry registry;
    load_plugin(registry, shared_object);
  } catch (const std::exception&) {
    // load_plugin says it again, in words, where they are heard.
  }
  _exit(kWentWell);
}

int status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

void try_plugin(const std::filesystem::path& shared_object) {
  const pid_t child = fork();
  if (child < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot start a process");
  }
  if (child == 0) load_and_end(shared_object);
  const int status = status_of(child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kWentWell) return;
  std::string what = "it ends the process that loads it";
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    what = signal == SIGALRM
               ? fmt::format("it takes more than {} seconds to load", kPatienceSeconds)
               : fmt::format("it crashes when it is loaded ({})", strsignal(signal));
  }
  throw SpecError(fmt::format("cannot use the plugin '{}': {}", shared_object.string(), what));
}

}  // namespace evalzip
