// The user's own folders of data, searched before the cache and the network.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "corpora/progress.h"

namespace evalzip {

// A listing of the folders, made once.
class SearchFolders {
 public:
  // Folders are entered a few levels deep. One that cannot be read is told to `progress`.
  SearchFolders(const std::vector<std::filesystem::path>& folders, Progress& progress);

  // Files whose path ends with the parts of `name`, those in a folder called `corpus` first, then
  // in the order of the folders and of the files' names.
  std::vector<std::filesystem::path> find(const std::string& name, const std::string& corpus) const;

  // The same for `name` with each ending of a compressed file: .xz .gz .bz2 .zst .lz4.
  std::vector<std::filesystem::path> find_compressed(const std::string& name,
                                                     const std::string& corpus) const;

  // The folders as a message names them.
  std::string described() const;

 private:
  struct Entry {
    std::filesystem::path folder, relative;
  };
  std::vector<std::filesystem::path> folders_;
  std::vector<Entry> entries_;
};

}  // namespace evalzip
