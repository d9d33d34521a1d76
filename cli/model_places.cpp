#include "cli/model_places.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "codecs/llm/language_model.h"
#include "corpora/model_store.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

LocatedModel at_hand(const fs::path& path) {
  return {.file = fs::absolute(path).string(), .sha256 = sha256_of_file(path), .missing = {}};
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
  if (name.empty()) {
    throw SpecError(
        "llm needs a model: write llm:model=NAME or llm:model=FILE.gguf; `evalzip model list` "
        "shows the names");
  }
  if (is_model_path(name, places)) return at_hand(name);
  const ModelManifest model = model_manifest_called(name, places);
  if (const auto path = locate_model(model, places)) return at_hand(*path);
  const FoundModel found = verify_model(model, places, progress);
  if (found.path) return at_hand(*found.path);
  return {.file = {},
          .sha256 = {},
          .missing =
              fmt::format("the model {0} is not here; say `evalzip model fetch {0}` first", name)};
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
