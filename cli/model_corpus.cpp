#include "cli/model_corpus.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include <nlohmann/json.hpp>

#include "cli/input_file.h"
#include "cli/model_places.h"
#include "cli/open_weights.h"
#include "codecs/llm/model_error.h"
#include "corpora/identity.h"
#include "harness/json_document.h"
#include "harness/record_json.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndexSuffix = ".index.json";

// The shards that an index names, in the order of their names; they lie beside it.
std::vector<std::string> shards_of(const fs::path& index) {
  std::ifstream file(index);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.good() && text.empty()) throw ModelError("cannot read " + index.string());
  std::set<std::string> shards;
  try {
    const nlohmann::json parsed = parse_json_document(text);
    for (const auto& shard : parsed.at("weight_map")) {
      const auto name = shard.get<std::string>();
      if (name.empty() || name.find('/') != std::string::npos || name == "..") {
        throw ModelError(index.string() + ": the shard '" + name +
                         "' is no name of a file beside it");
      }
      shards.insert((index.parent_path() / name).string());
    }
  } catch (const nlohmann::json::exception&) {
    throw ModelError(index.string() + " has no weight_map of tensors and their shards");
  } catch (const RecordError& error) {
    throw ModelError(index.string() + ": " + error.what());
  }
  return {shards.begin(), shards.end()};
}

std::vector<std::string> files_of(const std::string& model, const CorpusPlaces& places,
                                  Progress& progress) {
  if (model.ends_with(kIndexSuffix)) return shards_of(model);
  if (fs::is_regular_file(model)) return {model};
  const LocatedModel found = find_model(model, places, progress);
  if (!found.missing.empty()) throw SpecError(found.missing);
  return {found.file};
}

void add_tensors(const std::string& file, Corpus& corpus, Progress& progress) {
  const InputFile input(file);
  const WeightsFile weights = open_weights(input);
  for (const TensorEntry& tensor : weights.index.tensors) {
    if (tensor.size == 0) continue;
    const SliceVerdict identity =
        identify_slice({.path = file, .offset = tensor.offset, .size = tensor.size}, progress);
    corpus.documents.push_back(
        {.name = tensor.name,
         .path = file,
         .offset = tensor.offset,
         .size = tensor.size,
         .sha256 = identity.sha256,
         .true_entropy_bits = {},
         .numbers = NumberFacts{.format = std::string(tensor.layout.numbers().name),
                                .columns = tensor.layout.columns}});
  }
}

}  // namespace

Corpus open_model_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  const std::string model = name.substr(std::string_view(kModelCorpusPrefix).size());
  Corpus corpus{.name = fs::path(model).filename().string(), .title = "tensors of " + model};
  for (const std::string& file : files_of(model, places, progress)) {
    add_tensors(file, corpus, progress);
  }
  return corpus;
}

}  // namespace evalzip
