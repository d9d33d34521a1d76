// A manifest of a language model: what it is and where its weights may come from. The format is
// described in docs/models.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/manifest.h"
#include "corpora/places.h"
#include "corpora/progress.h"

namespace evalzip {

// How the model's file is made of the documents.
enum class ModelRecipe {
  as_is,    // it is the only document
  join,     // it is the documents, one after the other
  llama2c,  // it is converted from a checkpoint and a tokenizer of llama2.c, in this order
};

struct ModelManifest {
  Manifest source;  // heading, files, and the documents; none where the hash is not known
  std::uint64_t parameters = 0;
  std::string training_cutoff;  // the date of the youngest text it was trained on, in words
  std::string contamination;    // which test corpora it may have seen
  ModelRecipe recipe = ModelRecipe::as_is;
  std::optional<ByteIdentity> identity;  // of the finished file; absent: nobody can verify it

  const std::string& name() const { return source.name; }
};

// Throws CorpusError (usage), saying what to write instead.
ModelManifest parse_model_manifest(std::string_view text, const std::filesystem::path& path);

// Every manifest of places.models in name order. A malformed one is told to `progress` and left
// out; of two with one name the first folder's counts.
std::vector<ModelManifest> read_model_manifests(const CorpusPlaces& places, Progress& progress);

// The manifest of that name. Throws CorpusError (usage), naming those there are.
ModelManifest model_manifest_called(const std::string& name, const CorpusPlaces& places);

}  // namespace evalzip
