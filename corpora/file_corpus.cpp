#include "corpora/file_corpus.h"

#include <fmt/format.h>

#include <system_error>
#include <vector>

#include "corpora/file_names.h"
#include "corpora/identity.h"
#include "corpora/walk.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

// Absolute, because worker processes may stand in another folder.
Document read_document(const fs::path& path, const std::string& name, Progress& progress) {
  const fs::path absolute = fs::absolute(path).lexically_normal();
  const SliceVerdict found =
      identify_slice({.path = absolute, .offset = 0, .size = std::nullopt}, progress);
  return {.name = name,
          .path = absolute,
          .offset = 0,
          .size = found.size,
          .sha256 = found.sha256,
          .true_entropy_bits = {}};
}

Corpus empty_corpus(const std::string& name, const std::string& origin) {
  return {.name = document_name(name),
          .title = "files of the user",
          .origin = document_name(origin),
          .licence = "unknown",
          .documents = {},
          .missing = {},
          .citation = ""};
}

void add_files(Corpus& corpus, const fs::path& folder, const std::vector<fs::path>& files,
               Progress& progress) {
  for (const fs::path& relative : files) {
    const std::string name = document_name(relative);
    try {
      corpus.documents.push_back(read_document(folder / relative, name, progress));
    } catch (const CorpusError& unreadable) {
      corpus.missing.push_back({.name = name, .why = unreadable.what(), .size = {}});
    }
  }
}

// The longest leading parts of the pattern without a wildcard: the folder to walk.
fs::path fixed_part(const std::string& pattern, std::string& rest) {
  std::size_t end = 0;
  for (std::size_t slash = pattern.find('/'); slash != std::string::npos;
       slash = pattern.find('/', slash + 1)) {
    if (is_pattern(std::string_view(pattern).substr(0, slash))) break;
    end = slash + 1;
  }
  rest = pattern.substr(end);
  if (end == 0) return ".";
  return pattern.substr(0, end);
}

}  // namespace

Corpus corpus_of_file(const fs::path& file, Progress& progress) {
  const std::string name = document_name(file.filename());
  Corpus corpus = empty_corpus(name, fs::absolute(file).string());
  corpus.documents.push_back(read_document(file, name, progress));
  return corpus;
}

Corpus corpus_of_folder(const fs::path& folder, Progress& progress) {
  const fs::path absolute = fs::absolute(folder / "").lexically_normal().parent_path();
  Corpus corpus = empty_corpus(absolute.filename().string(), absolute.string());
  add_files(corpus, absolute, walk_files(absolute, {}, progress), progress);
  if (corpus.documents.empty() && corpus.missing.empty()) {
    throw CorpusError(
        CorpusError::Kind::usage,
        fmt::format("the folder {} has no file; name a folder with files", absolute.string()));
  }
  return corpus;
}

Corpus corpus_of_pattern(const std::string& pattern, Progress& progress) {
  std::string rest;
  const fs::path folder = fixed_part(pattern, rest);
  Corpus corpus = empty_corpus(pattern, fs::absolute(folder).lexically_normal().string());
  const std::vector<std::string_view> parts = split_parts(rest);
  const bool any_depth = rest.find("**") != std::string::npos;
  const WalkLimits limits{.depth =
                              any_depth ? WalkLimits{}.depth : static_cast<int>(parts.size()) - 1};
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_directory(folder, error)) files = walk_files(folder, limits, progress);
  std::erase_if(
      files, [&](const fs::path& path) { return !matches_pattern(rest, path.generic_string()); });
  add_files(corpus, folder, files, progress);
  if (!files.empty()) return corpus;
  throw CorpusError(CorpusError::Kind::usage,
                    fmt::format("no file matches {}; put the pattern in quotes, and use ** for "
                                "folders of any depth",
                                in_quotes(pattern)));
}

}  // namespace evalzip
