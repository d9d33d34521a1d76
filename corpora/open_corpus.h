// Corpora as users name them, and what `evalzip corpus` answers about them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "corpora/corpus.h"
#include "corpora/manifest_corpus.h"
#include "corpora/places.h"
#include "corpora/progress.h"

namespace evalzip {

// `name` is, in this order: the name of a manifest (`silesia`, `demo`), a path (`./silesia`,
// `book.txt`, a folder, taken with all its sub-folders, a manifest of the user's own), or a pattern
// ('logs/**/*.json'). Downloads what is missing unless places.offline. Documents of a manifest that
// cannot be had, and unreadable files of a folder or pattern, are in `missing`, with why.
// Throws CorpusError when there is nothing by that name, a folder has no file, a pattern matches
// none, a manifest is malformed, or the cache cannot be written. Throws Cancelled.
Corpus open_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress);

struct CorpusSummary {
  std::string name, title;
  std::size_t documents = 0;
  std::uint64_t total_bytes = 0;
  std::size_t cached = 0;  // documents in the cache, by size; the search folders are not read
};

// One per manifest, in name order. Malformed manifests are told to `progress`.
std::vector<CorpusSummary> list_corpora(const CorpusPlaces& places, Progress& progress);

// The manifest of that name or at that path. Throws CorpusError (usage).
Manifest corpus_info(const std::string& name, const CorpusPlaces& places);

// Opens a manifest's corpus, downloading what is missing even if places.offline is set.
FoundCorpus fetch_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress);

// Reads and compares every document that is at hand; downloads nothing. `rejected` has the files
// whose bytes are wrong, `corpus.missing` what is not at hand.
FoundCorpus verify_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress);

// Like open_corpus(), without downloads, but every document is a file of its own with exactly its
// bytes: prefixes are copied into the cache. For handing corpora to other programs.
Corpus corpus_as_files(const std::string& name, const CorpusPlaces& places, Progress& progress);

}  // namespace evalzip
