// Where corpora are looked for on this machine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace evalzip {

struct CorpusPlaces {
  std::vector<std::filesystem::path> search;     // the user's folders of data, searched first
  std::filesystem::path cache;                   // what was unpacked, generated, downloaded
  std::vector<std::filesystem::path> manifests;  // folders of manifests; the first that has a name
                                                 // wins: shipped ones, then the user's own
  bool offline = false;                          // never download
  std::vector<std::filesystem::path> models;     // the same for manifests of models
  std::optional<std::string> npm_registry;       // address of the registry that npm is set up for
};

// From EVALZIP_CORPUS_PATH (folders with ':' between), EVALZIP_OFFLINE (any value but 0),
// XDG_CACHE_HOME, XDG_CONFIG_HOME, HOME, and where this program lies; the registry from
// npm_config_registry, else from the line "registry=" of the file that npm_config_userconfig names,
// preset ~/.npmrc. The only function of corpora/ that reads the environment (libcurl reads the
// proxy variables itself).
CorpusPlaces places_from_environment();

}  // namespace evalzip
