#include "cli/model_places.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "codecs/llm/language_model.h"
#include "corpora/model_store.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

// A file of the right name and size may still be another: a copy that was cut or damaged.
LocatedModel at_hand(const fs::path& path, const ModelManifest& manifest) {
  std::string sha256 = sha256_of_file(path);
  if (manifest.identity && manifest.identity->sha256 && *manifest.identity->sha256 != sha256) {
    return {
        .file = {},
        .sha256 = {},
        .missing = fmt::format("{} is not the model {}: its SHA-256 is {}, the manifest says {}; "
                               "remove the file, then fetch or install it again",
                               path.string(), manifest.name(), sha256, *manifest.identity->sha256)};
  }
  return {.file = fs::absolute(path).string(),
          .sha256 = std::move(sha256),
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
  // What comes with the program cannot be fetched.
  const std::string remedy = model.name() == kBundledModel
                                 ? std::string("install evalzip as a whole")
                                 : fmt::format("say `evalzip model fetch {}`", model.name());
  return fmt::format("the model {}{} is wanted, and is not in {}{}; {}", model.name(), hash,
                     folders, places.cache.string(), remedy);
}

// The one that comes with the program, if it did.
LocatedModel find_bundled(const CorpusPlaces& places, Progress& progress) {
  for (const fs::path& folder : places.models) {
    if (fs::is_regular_file(folder / (std::string(kBundledModel) + ".json"))) {
      return find_model(kBundledModel, places, progress);
    }
  }
  return {.file = {},
          .sha256 = {},
          .missing = fmt::format("the model {} that comes with evalzip is not installed: install "
                                 "evalzip as a whole, or name another with llm:model=NAME",
                                 kBundledModel)};
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
  if (name.empty()) return find_bundled(places, progress);
  if (is_model_path(name, places)) return file_at_hand(name, places, progress);
  const ModelManifest model = model_manifest_called(name, places);
  if (const auto path = locate_model(model, places)) return at_hand(*path, model);
  const FoundModel found = verify_model(model, places, progress);
  if (found.path) return at_hand(*found.path, model);
  return {.file = {}, .sha256 = {}, .missing = why_missing(model, places)};
}

void leave_out_missing(std::vector<CodecSpec>& codecs,
                       const std::function<void(const std::string&)>& say) {
  std::erase_if(codecs, [&](const CodecSpec& codec) {
    if (codec.model.missing.empty()) return false;
    say(fmt::format("left out {}: {}", codec.canonical(), codec.model.missing));
    return true;
  });
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
