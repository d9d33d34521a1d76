// Which manifests there are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpora/manifest.h"
#include "corpora/places.h"
#include "corpora/progress.h"

namespace evalzip {

// Every manifest of places.manifests in name order. A malformed one is told to `progress` and left
// out, so that it does not take the others with it; so is one whose name an earlier folder has.
std::vector<Manifest> read_all_manifests(const CorpusPlaces& places, Progress& progress);

// The manifest of that name; absent if no folder has NAME.json. Throws CorpusError (usage) when it
// is malformed.
std::optional<Manifest> find_manifest(const std::string& name, const CorpusPlaces& places);

}  // namespace evalzip
