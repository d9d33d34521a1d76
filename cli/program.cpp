#include "cli/program.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "harness/this_program.h"

namespace evalzip {
namespace {

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// https://no-color.org: any non-empty value means no.
bool wants_colour() {
  return isatty(STDOUT_FILENO) == 1 && environment_variable("NO_COLOR").empty() &&
         environment_variable("TERM") != "dumb";
}

unsigned terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

}  // namespace

Program start_program(int argc, const char* const* argv) {
  Program program;
  const std::filesystem::path parts = parts_folder(this_program().parent_path());
  program.worker = parts / "worker";
  program.arguments.assign(argv + 1, argv + argc);
  program.installed = installed_codecs(parts);
  program.colour = wants_colour();
  program.live_progress = isatty(STDERR_FILENO) == 1;
  program.width = terminal_width();
  return program;
}

}  // namespace evalzip
