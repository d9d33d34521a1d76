#include "cli/interrupt.h"

#include <csignal>
#include <initializer_list>

namespace evalzip {
namespace {

// A signal handler reaches nothing but what is static; this is initialised before the program runs.
volatile std::sig_atomic_t& pending() {
  static volatile std::sig_atomic_t flag = 0;
  return flag;
}

void remember(int) { pending() = 1; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

bool interrupted() { return pending() != 0; }

}  // namespace evalzip
