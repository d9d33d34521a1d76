// The regular files under a folder, in name order, safe against loops of symbolic links.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "corpora/progress.h"

namespace evalzip {

struct WalkLimits {
  int depth = 256;                 // folders below the first that are entered
  std::size_t files = 10'000'000;  // more are an error of the user, not a corpus
};

// Paths relative to `folder`, ordered part by part. Symbolic links are followed and each folder is
// entered once, by its first name in that order. Sockets, fifos, devices, dangling links and
// folders that cannot be read are skipped with a note. Throws CorpusError (usage) when `folder`
// itself cannot be read or has too many files.
std::vector<std::filesystem::path> walk_files(const std::filesystem::path& folder,
                                              const WalkLimits& limits, Progress& progress);

}  // namespace evalzip
