#include "corpora/catalogue.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "corpora/corpus.h"
#include "corpora/file_names.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

Manifest read_named(const fs::path& path) {
  Manifest manifest = read_manifest(path);
  if (manifest.name == path.stem().string()) return manifest;
  throw CorpusError(
      CorpusError::Kind::usage,
      fmt::format("{}: name is {}; in a folder of manifests it must be the file's "
                  "name, {}",
                  path.string(), in_quotes(manifest.name), in_quotes(path.stem().string())));
}

using ManifestsByName = std::map<std::string, Manifest>;

void add_manifest(const fs::path& path, ManifestsByName& by_name, Progress& progress) {
  try {
    Manifest manifest = read_named(path);
    const std::string name = manifest.name;
    const auto [place, added] = by_name.emplace(name, std::move(manifest));
    if (added) return;
    progress.note(fmt::format("{} is not used: {} has that name already", path.string(),
                              place->second.path.string()));
  } catch (const CorpusError& malformed) {
    progress.note(malformed.what());
  }
}

}  // namespace

std::vector<Manifest> read_all_manifests(const CorpusPlaces& places, Progress& progress) {
  ManifestsByName by_name;
  for (const fs::path& folder : places.manifests) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".json") add_manifest(entry.path(), by_name, progress);
    }
  }
  std::vector<Manifest> manifests;
  for (auto& [name, manifest] : by_name) manifests.push_back(std::move(manifest));
  return manifests;
}

std::optional<Manifest> find_manifest(const std::string& name, const CorpusPlaces& places) {
  if (unsafe_name(name) || name.find('/') != std::string::npos) return std::nullopt;
  for (const fs::path& folder : places.manifests) {
    std::error_code error;
    const fs::path path = folder / (name + ".json");
    if (fs::is_regular_file(path, error)) return read_named(path);
  }
  return std::nullopt;
}

}  // namespace evalzip
