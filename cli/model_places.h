// The models that people name: by the name of a manifest, or by a path.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codecs/codec_spec.h"
#include "corpora/places.h"
#include "corpora/progress.h"

namespace evalzip {

// A path has a '/' or is a file; anything else is the name of a manifest.
bool is_model_path(const std::string& name, const CorpusPlaces& places);

// Finds the file and reads it for its SHA-256; a model that has a manifest but is not at hand is
// `missing`. Downloads nothing. Throws SpecError for a name that stands for nothing, CorpusError,
// ModelError.
LocatedModel find_model(const std::string& name, const CorpusPlaces& places, Progress& progress);

// Takes away the codecs whose models are missing, and says so: for codecs that nobody asked for.
void leave_out_missing(std::vector<CodecSpec>& codecs,
                       const std::function<void(const std::string&)>& say);

// Finds the models of the codecs that need one.
void find_models(std::vector<CodecSpec>& codecs, const CorpusPlaces& places, Progress& progress);

}  // namespace evalzip
