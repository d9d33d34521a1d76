#include "corpora/search_folders.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/corpus.h"
#include "corpora/file_names.h"
#include "corpora/walk.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

constexpr int kDepth = 4;
constexpr std::array<const char*, 5> kCompressedEndings{".xz", ".gz", ".bz2", ".zst", ".lz4"};

bool lies_in(const fs::path& folder, const fs::path& relative, const std::string& name) {
  const fs::path parents = folder.filename() / relative.parent_path();
  return std::find(parents.begin(), parents.end(), fs::path(name)) != parents.end();
}

}  // namespace

SearchFolders::SearchFolders(const std::vector<fs::path>& folders, Progress& progress) {
  for (const fs::path& stated : folders) {
    const fs::path folder = fs::absolute(stated).lexically_normal();
    folders_.push_back(folder);
    try {
      for (fs::path& relative : walk_files(folder, {.depth = kDepth}, progress)) {
        entries_.push_back({folder, std::move(relative)});
      }
    } catch (const CorpusError& unreadable) {
      progress.note(std::string(unreadable.what()) + " (it stands in EVALZIP_CORPUS_PATH)");
    }
  }
}

std::vector<fs::path> SearchFolders::find(const std::string& name,
                                          const std::string& corpus) const {
  std::vector<fs::path> near, far;
  for (const Entry& entry : entries_) {
    if (!ends_with_parts(entry.relative, name)) continue;
    const bool in_corpus_folder = lies_in(entry.folder, entry.relative, corpus);
    (in_corpus_folder ? near : far).push_back(entry.folder / entry.relative);
  }
  near.insert(near.end(), far.begin(), far.end());
  return near;
}

std::vector<fs::path> SearchFolders::find_compressed(const std::string& name,
                                                     const std::string& corpus) const {
  std::vector<fs::path> found;
  for (const char* ending : kCompressedEndings) {
    for (fs::path& path : find(name + ending, corpus)) found.push_back(std::move(path));
  }
  return found;
}

std::string SearchFolders::described() const {
  std::string text;
  for (const fs::path& folder : folders_) {
    if (!text.empty()) text += ':';
    text += folder.string();
  }
  return text;
}

}  // namespace evalzip
