#include "corpora/walk.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include "corpora/corpus.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

class Walk {
 public:
  Walk(const fs::path& root, const WalkLimits& limits, Progress& progress)
      : root_(root), limits_(limits), progress_(progress) {}

  // Entries are taken in the order of their names, and a folder's files come where its name stands.
  void enter(const fs::path& relative, int depth) {
    if (!first_visit(root_ / relative)) return;
    for (const fs::path& name : names_in(root_ / relative, relative.empty())) {
      visit(relative.empty() ? name : relative / name, depth);
    }
  }

  std::vector<fs::path> take_files() { return std::move(files_); }

 private:
  // Device and inode name a folder whatever path leads to it.
  bool first_visit(const fs::path& folder) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) return true;
    return visited_.insert({status.st_dev, status.st_ino}).second;
  }

  std::vector<fs::path> names_in(const fs::path& folder, bool is_root) {
    std::error_code error;
    std::vector<fs::path> names;
    fs::directory_iterator entry(folder, error), end;
    for (; !error && entry != end; entry.increment(error))
      names.push_back(entry->path().filename());
    if (error && is_root) {
      throw CorpusError(CorpusError::Kind::usage,
                        fmt::format("cannot read the folder {}: {}; name a readable folder",
                                    folder.string(), error.message()));
    }
    if (error) progress_.note(fmt::format("{} is skipped: {}", folder.string(), error.message()));
    std::sort(names.begin(), names.end());
    return names;
  }

  void visit(const fs::path& relative, int depth) {
    std::error_code error;
    const fs::file_status status = fs::status(root_ / relative, error);
    if (fs::is_directory(status)) {
      if (depth < limits_.depth) enter(relative, depth + 1);
    } else if (fs::is_regular_file(status)) {
      add(relative);
    } else {
      progress_.note(fmt::format("{} is skipped: {}", (root_ / relative).string(),
                                 error || !fs::exists(status) ? "a link that leads nowhere"
                                                              : "neither a file nor a folder"));
    }
  }

  void add(const fs::path& relative) {
    if (files_.size() == limits_.files) {
      throw CorpusError(CorpusError::Kind::usage,
                        fmt::format("{} has more than {} files; name a smaller folder",
                                    root_.string(), limits_.files));
    }
    files_.push_back(relative);
    if (files_.size() % 1024 != 0) return;
    advance(progress_, {.what = "listing " + root_.string(),
                        .source = root_.string(),
                        .done_bytes = 0,
                        .total_bytes = {},
                        .bytes_per_second = {}});
  }

  const fs::path& root_;
  const WalkLimits& limits_;
  Progress& progress_;
  std::set<std::pair<::dev_t, ::ino_t>> visited_;
  std::vector<fs::path> files_;
};

}  // namespace

std::vector<fs::path> walk_files(const fs::path& folder, const WalkLimits& limits,
                                 Progress& progress) {
  Walk walk(folder, limits, progress);
  walk.enter({}, 0);
  return walk.take_files();
}

}  // namespace evalzip
