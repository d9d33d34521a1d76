// Where corpora are looked for on this machine.
#pragma once

#include <filesystem>
#include <vector>

namespace evalzip {

struct CorpusPlaces {
  std::vector<std::filesystem::path> search;     // the user's folders of data, searched first
  std::filesystem::path cache;                   // what was unpacked, generated, downloaded
  std::vector<std::filesystem::path> manifests;  // folders of manifests; the first that has a name
                                                 // wins: shipped ones, then the user's own
  bool offline = false;                          // never download
};

// From EVALZIP_CORPUS_PATH (folders with ':' between), EVALZIP_OFFLINE (any value but 0),
// XDG_CACHE_HOME, XDG_CONFIG_HOME, HOME, and where this program lies. The only function of corpora/
// that reads the environment (libcurl reads the proxy variables itself).
CorpusPlaces places_from_environment();

}  // namespace evalzip
