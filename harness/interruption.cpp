#include "harness/interruption.h"

#include <chrono>
#include <csignal>
#include <thread>

namespace evalzip {

bool interrupted_soon(const std::function<bool()>& interrupted) {
  constexpr std::chrono::milliseconds kMoment{300}, kStep{10};
  for (std::chrono::milliseconds waited{0}; waited < kMoment; waited += kStep) {
    if (interrupted()) return true;
    std::this_thread::sleep_for(kStep);
  }
  return interrupted();
}

bool comes_from_outside(int signal) {
  return signal == SIGTERM || signal == SIGKILL || signal == SIGINT || signal == SIGHUP;
}

}  // namespace evalzip
