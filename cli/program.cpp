#include "cli/program.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <string_view>

#include "harness/worker_process.h"

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

// Beside the program in a build tree, in the library folder of its prefix once installed.
void load_shipped_plugins(Program& program) {
  const std::filesystem::path folder = program.path.parent_path();
  for (const auto& place : {folder / "lib/evalzip", folder / "../" EVALZIP_LIBDIR "/evalzip"}) {
    if (!std::filesystem::is_directory(place)) continue;
    program.unloadable = load_plugin_folder(program.codecs, place);
    return;
  }
}

void load_users_plugins(Program& program) {
  std::istringstream places(environment_variable("EVALZIP_PLUGIN_PATH"));
  for (std::string place; std::getline(places, place, ':');) {
    if (place.empty()) continue;
    if (!std::filesystem::is_directory(place)) {
      load_plugin(program.codecs, place);
      continue;
    }
    for (const PluginFailure& failure : load_plugin_folder(program.codecs, place)) {
      throw SpecError(failure.reason + " (from EVALZIP_PLUGIN_PATH)");
    }
  }
}

}  // namespace

Program start_program(int argc, const char* const* argv) {
  Program program;
  program.path = this_program();
  program.arguments.assign(argv + 1, argv + argc);
  program.codecs = builtin_codecs();
  load_shipped_plugins(program);
  load_users_plugins(program);
  program.colour = wants_colour();
  program.live_progress = isatty(STDERR_FILENO) == 1;
  program.width = terminal_width();
  return program;
}

}  // namespace evalzip
