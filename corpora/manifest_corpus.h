// Finding the documents of a manifest: search folders, cache, archives, downloads, generators.
#pragma once

#include <vector>

#include "corpora/catalogue.h"
#include "corpora/corpus.h"
#include "corpora/document_cache.h"
#include "corpora/manifest.h"
#include "corpora/places.h"
#include "corpora/progress.h"

namespace evalzip {

struct FoundCorpus {
  Corpus corpus;
  std::vector<Rejection> rejected;  // files found and not used because their bytes are wrong
};

// Throws CorpusError (environment) when the cache cannot take what was found; a document that
// cannot be had is in corpus.missing with every reason.
FoundCorpus find_documents(const Manifest& manifest, const CorpusPlaces& places,
                           Progress& progress);

}  // namespace evalzip
