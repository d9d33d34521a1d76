#include "corpora/places.h"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace evalzip {
namespace {

namespace fs = std::filesystem;

// Unset and empty mean the same, as the XDG base directory specification has it.
std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::vector<fs::path> split_search_path(std::string_view text) {
  std::vector<fs::path> folders;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    if (colon != 0) folders.emplace_back(text.substr(0, colon));
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
  }
  return folders;
}

// $XDG or ~/fallback. Without a home, as in some containers and services, a folder of the user's in
// the system's temporary folder.
fs::path base_folder(const char* xdg, const char* fallback) {
  const auto stated = variable(xdg);
  if (stated && fs::path(*stated).is_absolute()) return *stated;
  if (const auto home = variable("HOME")) return fs::path(*home) / fallback;
  return fs::temp_directory_path() / ("evalzip-" + std::to_string(::geteuid())) / fallback;
}

// Beside the program when it is installed (bin/../share), else where it was built.
fs::path shipped_manifests() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / EVALZIP_MANIFESTS_FROM_PREFIX;
  if (!error && fs::is_directory(installed, error)) return installed;
  return EVALZIP_MANIFESTS_IN_SOURCE;
}

}  // namespace

CorpusPlaces places_from_environment() {
  const std::string offline = variable("EVALZIP_OFFLINE").value_or("0");
  return {.search = split_search_path(variable("EVALZIP_CORPUS_PATH").value_or("")),
          .cache = base_folder("XDG_CACHE_HOME", ".cache") / "evalzip",
          .manifests = {shipped_manifests(),
                        base_folder("XDG_CONFIG_HOME", ".config") / "evalzip" / "corpora"},
          .offline = offline != "0"};
}

}  // namespace evalzip
