// Where the files of a manifest can be downloaded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpora/manifest.h"
#include "corpora/places.h"

namespace evalzip {

struct Addresses {
  std::vector<std::string> known;  // the manifest's mirrors, then that of npm
  std::optional<std::string>
      unknown;  // why there is none of npm, where the manifest names a package
};

Addresses addresses_of(const ManifestFile& file, const CorpusPlaces& places);

// Why nothing came: `failure` is that of the known addresses.
std::string reason_of_failure(const Addresses& addresses, const std::string& failure);

}  // namespace evalzip
