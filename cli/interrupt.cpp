#include "cli/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cli/exit_code.h"

namespace evalzip {
namespace {

// A signal handler reaches nothing but what is static; this is initialised before the program runs.
volatile std::sig_atomic_t& pending() {
  static volatile std::sig_atomic_t flag = 0;
  return flag;
}

void remember(int) { pending() = 1; }

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction former {};
    sigaction(signal, nullptr, &former);
    // Who started the program may have said that it is not to be disturbed, as nohup does.
    if (former.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

std::array<char, 4096>& doomed_path() {
  static std::array<char, 4096> path;
  return path;
}

void remove_and_end(int) {
  unlink(doomed_path().data());
  constexpr std::string_view kMessage = "\nevalzip: interrupted\n";
  [[maybe_unused]] const ssize_t ignored = write(STDERR_FILENO, kMessage.data(), kMessage.size());
  _exit(kExitInterrupted);
}

}  // namespace

void catch_interrupts() { handle(remember); }

bool interrupted() { return pending() != 0; }

RemovedWhenInterrupted::RemovedWhenInterrupted(const std::filesystem::path& path) {
  const std::string& name = path.native();
  if (name.size() >= doomed_path().size()) throw std::length_error("too long: " + name);
  std::copy_n(name.c_str(), name.size() + 1, doomed_path().begin());
  handle(remove_and_end);
}

RemovedWhenInterrupted::~RemovedWhenInterrupted() { handle(SIG_DFL); }

}  // namespace evalzip
