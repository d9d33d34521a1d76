#include "corpora/places.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
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
fs::path shipped_folder(const char* from_prefix, const char* in_source) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / from_prefix;
  if (!error && fs::is_directory(installed, error)) return installed;
  return in_source;
}

// npm's settings are lines KEY=VALUE with optional spaces.
std::optional<std::string> registry_in(const fs::path& settings) {
  std::ifstream lines(settings);
  for (std::string line; std::getline(lines, line);) {
    std::erase_if(line, [](char letter) { return letter == ' ' || letter == '\r'; });
    constexpr std::string_view kKey = "registry=";
    if (line.starts_with(kKey) && line.size() > kKey.size()) return line.substr(kKey.size());
  }
  return std::nullopt;
}

std::optional<std::string> npm_registry() {
  for (const char* name : {"npm_config_registry", "NPM_CONFIG_REGISTRY"}) {
    if (auto stated = variable(name)) return stated;
  }
  if (const auto settings = variable("npm_config_userconfig")) return registry_in(*settings);
  const auto home = variable("HOME");
  return home ? registry_in(fs::path(*home) / ".npmrc") : std::nullopt;
}

}  // namespace

CorpusPlaces places_from_environment() {
  const std::string offline = variable("EVALZIP_OFFLINE").value_or("0");
  const fs::path settings = base_folder("XDG_CONFIG_HOME", ".config") / "evalzip";
  return {.search = split_search_path(variable("EVALZIP_CORPUS_PATH").value_or("")),
          .cache = base_folder("XDG_CACHE_HOME", ".cache") / "evalzip",
          .manifests = {shipped_folder(EVALZIP_MANIFESTS_FROM_PREFIX, EVALZIP_MANIFESTS_IN_SOURCE),
                        settings / "corpora"},
          .offline = offline != "0",
          .models = {shipped_folder(EVALZIP_MODELS_FROM_PREFIX, EVALZIP_MODELS_IN_SOURCE),
                     settings / "models"},
          .npm_registry = npm_registry()};
}

}  // namespace evalzip
