#include "cli/installed_codecs.h"

#include <cstdlib>
#include <sstream>
#include <string>

#include "cli/command_codecs.h"
#include "cli/plugin_trial.h"

namespace evalzip {
namespace {

void load_plugins_of_environment(Registry& codecs) {
  const char* variable = std::getenv("EVALZIP_PLUGIN_PATH");
  std::istringstream places(variable == nullptr ? "" : variable);
  for (std::string place; std::getline(places, place, ':');) {
    if (place.empty()) continue;
    try {
      load_users_plugin(codecs, place);
    } catch (const SpecError& error) {
      throw SpecError(std::string(error.what()) + " (from EVALZIP_PLUGIN_PATH)");
    }
  }
}

}  // namespace

std::filesystem::path parts_folder(const std::filesystem::path& folder) {
  const std::filesystem::path beside = folder / "lib/evalzip";
  return std::filesystem::is_directory(beside) ? beside : folder / "../" EVALZIP_LIBDIR "/evalzip";
}

void load_users_plugin(Registry& codecs, const std::filesystem::path& place) {
  if (std::filesystem::is_directory(place)) {
    for (const auto& file : plugin_files(place)) load_users_plugin(codecs, file);
    return;
  }
  try_plugin(place);
  load_plugin(codecs, place);
}

InstalledCodecs installed_codecs(const std::filesystem::path& parts) {
  InstalledCodecs installed{.codecs = builtin_codecs()};
  installed.unloadable = load_plugin_folder(installed.codecs, parts);
  load_plugins_of_environment(installed.codecs);
  load_commands(installed.codecs, installed.unloadable);
  return installed;
}

}  // namespace evalzip
