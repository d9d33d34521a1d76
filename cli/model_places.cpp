#include "cli/model_places.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "codecs/llm/language_model.h"
#include "corpora/model_store.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

LocatedModel at_hand(const fs::path& path, const ModelManifest& manifest) {
  return {.file = fs::absolute(path).string(),
          .sha256 = sha256_of_file(path),
          .missing = {},
          .contamination = fmt::format("{} Trained until: {}.", manifest.contamination,
                                       manifest.training_cutoff)};
}

// A file of the user's own may still be one that a manifest knows.
LocatedModel file_at_hand(const fs::path& path, const CorpusPlaces& places, Progress& progress) {
  LocatedModel found{.file = fs::absolute(path).string(), .sha256 = sha256_of_file(path)};
  for (const ModelManifest& model : read_model_manifests(places, progress)) {
    if (model.identity && model.identity->sha256 == found.sha256) return at_hand(path, model);
  }
  return found;
}

// What was asked for, what was found, and what to do.
std::string why_missing(const ModelManifest& model, const CorpusPlaces& places) {
  std::string folders;
  for (const fs::path& folder : places.search) folders += folder.string() + ", ";
  const std::string hash = model.identity && model.identity->sha256
                               ? " (SHA-256 " + model.identity->sha256->substr(0, 12) + "...)"
                               : " (no hash is known)";
  return fmt::format(
      "the model {0}{1} is wanted, and is not in {2}{3}; say `evalzip model fetch {0}`",
      model.name(), hash, folders, places.cache.string());
}

}  // namespace

bool is_model_path(const std::string& name, const CorpusPlaces& places) {
  if (name.find('/') != std::string::npos) return true;
  for (const fs::path& folder : places.models) {
    if (fs::is_regular_file(folder / (name + ".json"))) return false;
  }
  return fs::is_regular_file(name);
}

LocatedModel find_model(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  if (name.empty()) return find_model(kBundledModel, places, progress);
  if (is_model_path(name, places)) return file_at_hand(name, places, progress);
  const ModelManifest model = model_manifest_called(name, places);
  if (const auto path = locate_model(model, places)) return at_hand(*path, model);
  const FoundModel found = verify_model(model, places, progress);
  if (found.path) return at_hand(*found.path, model);
  return {.file = {}, .sha256 = {}, .missing = why_missing(model, places)};
}

void find_models(std::vector<CodecSpec>& codecs, const CorpusPlaces& places, Progress& progress) {
  std::map<std::string, LocatedModel> found;
  for (CodecSpec& codec : codecs) {
    if (!codec.codec->traits.needs_model) continue;
    const std::string& name = codec.params.text(kModelParameter);
    if (!found.contains(name)) found.emplace(name, find_model(name, places, progress));
    codec.model = found.at(name);
  }
}

}  // namespace evalzip
