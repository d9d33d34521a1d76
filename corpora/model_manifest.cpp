#include "corpora/model_manifest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <system_error>

#include "corpora/corpus.h"
#include "corpora/file_names.h"
#include "corpora/json_fields.h"
#include "corpora/manifest_fields.h"
#include "corpora/posix_file.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchemaKey = "evalzip_model";
constexpr std::uint64_t kSchemaVersion = 1;

ModelRecipe parse_recipe(JsonFields& top) {
  const std::string recipe = top.optional_text("recipe").value_or("as_is");
  if (recipe == "as_is") return ModelRecipe::as_is;
  if (recipe == "join") return ModelRecipe::join;
  if (recipe == "llama2c") return ModelRecipe::llama2c;
  top.refuse("recipe", in_quotes(recipe), "write \"as_is\", \"join\" or \"llama2c\"");
}

ByteIdentity parse_result(JsonFields fields) {
  ByteIdentity identity{.size = fields.whole_number("size"),
                        .sha256 = fields.optional_hash("sha256", 64),
                        .sha1 = {},
                        .md5 = {}};
  if (!identity.sha256) fields.refuse("sha256", "missing", "write what sha256sum prints");
  fields.close();
  return identity;
}

// A manifest without documents has one file, whose bytes nobody can vouch for.
void require_one_file(const JsonFields& top, const ModelManifest& model) {
  if (model.source.files.size() == 1 && model.recipe == ModelRecipe::as_is) return;
  top.refuse(
      "documents", "empty or missing",
      "write the documents with their hashes, or, if the hash is not known, exactly one file "
      "and no recipe");
}

void parse_result_and_documents(JsonFields& top, ModelManifest& model) {
  const auto result = top.optional_object("result");
  if (result) model.identity = parse_result(*result);
  const std::size_t documents = model.source.documents.size();
  if (documents == 0) return require_one_file(top, model);
  const bool as_is = model.recipe == ModelRecipe::as_is;
  if (as_is == result.has_value()) {
    top.refuse(
        "result", as_is ? "there" : "missing",
        "\"result\", size and sha256 of the finished file, goes with \"join\" and \"llama2c\"");
  }
  const bool countable = model.recipe == ModelRecipe::join || documents == (as_is ? 1u : 2u);
  if (!countable) {
    top.refuse("documents", fmt::format("{} entries", documents),
               "\"as_is\" takes one, \"llama2c\" a checkpoint and a tokenizer");
  }
  if (as_is) model.identity = model.source.documents.front().identity;
}

ModelManifest read_named(const fs::path& path) {
  ModelManifest model = parse_model_manifest(read_text(path, kManifestLimit), path);
  if (model.name() == path.stem().string()) return model;
  throw CorpusError(CorpusError::Kind::usage,
                    fmt::format("{}: name is {}; it must be the file's name, {}", path.string(),
                                in_quotes(model.name()), in_quotes(path.stem().string())));
}

}  // namespace

ModelManifest parse_model_manifest(std::string_view text, const fs::path& path) {
  const nlohmann::json content = parse_strict_json(text, path);
  JsonFields top(content, path, "");
  require_schema(top, kSchemaKey, kSchemaVersion);
  ModelManifest model;
  model.source.path = path;
  parse_heading(top, model.source);
  model.parameters = top.whole_number("parameters");
  model.training_cutoff = top.text("training_cutoff");
  model.contamination = top.text("contamination");
  model.recipe = parse_recipe(top);
  parse_sources(top, model.source);
  parse_result_and_documents(top, model);
  top.close();
  return model;
}

std::vector<ModelManifest> read_model_manifests(const CorpusPlaces& places, Progress& progress) {
  std::map<std::string, ModelManifest> by_name;
  for (const fs::path& folder : places.models) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() != ".json") continue;
      try {
        ModelManifest model = read_named(entry.path());
        by_name.emplace(model.name(), std::move(model));
      } catch (const CorpusError& malformed) {
        progress.note(malformed.what());
      }
    }
  }
  std::vector<ModelManifest> models;
  for (auto& [name, model] : by_name) models.push_back(std::move(model));
  return models;
}

ModelManifest model_manifest_called(const std::string& name, const CorpusPlaces& places) {
  if (!unsafe_name(name) && name.find('/') == std::string::npos) {
    for (const fs::path& folder : places.models) {
      std::error_code error;
      const fs::path path = folder / (name + ".json");
      if (fs::is_regular_file(path, error)) return read_named(path);
    }
  }
  Progress silent;
  std::vector<std::string> known;
  for (const ModelManifest& model : read_model_manifests(places, silent)) {
    known.push_back(model.name());
  }
  throw CorpusError(CorpusError::Kind::usage,
                    fmt::format("there is no model {} (models: {}); write one of these names, or a "
                                "path with a '/' to a model file of yours",
                                in_quotes(name), fmt::join(known, ", ")));
}

}  // namespace evalzip
