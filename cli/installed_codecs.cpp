#include "cli/installed_codecs.h"

#include <cstdlib>
#include <sstream>
#include <string>

#include "cli/command_codecs.h"

namespace evalzip {
namespace {

void load_users_plugins(Registry& codecs) {
  const char* variable = std::getenv("EVALZIP_PLUGIN_PATH");
  std::istringstream places(variable == nullptr ? "" : variable);
  for (std::string place; std::getline(places, place, ':');) {
    if (place.empty()) continue;
    if (!std::filesystem::is_directory(place)) {
      load_plugin(codecs, place);
      continue;
    }
    for (const PluginFailure& failure : load_plugin_folder(codecs, place)) {
      throw SpecError(failure.reason + " (from EVALZIP_PLUGIN_PATH)");
    }
  }
}

}  // namespace

std::filesystem::path parts_folder(const std::filesystem::path& folder) {
  const std::filesystem::path beside = folder / "lib/evalzip";
  return std::filesystem::is_directory(beside) ? beside : folder / "../" EVALZIP_LIBDIR "/evalzip";
}

InstalledCodecs installed_codecs(const std::filesystem::path& parts) {
  InstalledCodecs installed{.codecs = builtin_codecs()};
  installed.unloadable = load_plugin_folder(installed.codecs, parts);
  load_users_plugins(installed.codecs);
  load_commands(installed.codecs, installed.unloadable);
  return installed;
}

}  // namespace evalzip
