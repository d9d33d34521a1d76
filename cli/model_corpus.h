// The tensors of a model as a corpus: `--corpus model:FILE`.
#pragma once

#include <string>

#include "corpora/corpus.h"
#include "corpora/places.h"
#include "corpora/progress.h"

namespace evalzip {

inline constexpr const char* kModelCorpusPrefix = "model:";

// `name` is "model:" and a file of weights, an index of shards (NAME.safetensors.index.json), or
// the name of a model's manifest. Each tensor is a document that knows its numbers; those without
// numbers are left out. Nothing but headers and what is hashed is read. Throws ModelError,
// SpecError, CorpusError.
Corpus open_model_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress);

}  // namespace evalzip
