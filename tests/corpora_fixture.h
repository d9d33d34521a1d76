// What the tests of corpora share: files, archives, manifests, places of their own.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <limits>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "corpora/corpus.h"
#include "corpora/identity.h"
#include "corpora/places.h"
#include "corpora/progress.h"
#include "tests/temporary_folder.h"

namespace evalzip {

inline std::filesystem::path write_file(const std::filesystem::path& path,
                                        const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline std::string sha256_of(const std::string& text) {
  IdentityCheck check(ByteIdentity{});
  check.update(std::as_bytes(std::span(text)));
  check.finish();
  return check.sha256();
}

// Text that compresses a little, `size` bytes of it.
inline std::string some_text(std::size_t size, unsigned seed = 1) {
  std::string text;
  while (text.size() < size) {
    seed = seed * 1664525 + 1013904223;
    text += fmt::format("line {} of a text\n", seed >> 20);
  }
  text.resize(size);
  return text;
}

// A tar or zip file, or with one member of empty name a compressed file, by libarchive.
struct ArchiveKind {
  int format = ARCHIVE_FORMAT_TAR_USTAR;
  int filter = ARCHIVE_FILTER_NONE;
};

inline std::filesystem::path write_archive(
    const std::filesystem::path& path, const ArchiveKind& kind,
    const std::vector<std::pair<std::string, std::string>>& members) {
  std::filesystem::create_directories(path.parent_path());
  ::archive* out = ::archive_write_new();
  EXPECT_EQ(::archive_write_set_format(out, kind.format), ARCHIVE_OK);
  EXPECT_GE(::archive_write_add_filter(out, kind.filter), ARCHIVE_WARN);
  EXPECT_EQ(::archive_write_open_filename(out, path.c_str()), ARCHIVE_OK)
      << ::archive_error_string(out);
  for (const auto& [name, text] : members) {
    ::archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, name.empty() ? "raw" : name.c_str());
    ::archive_entry_set_size(entry, static_cast<::la_int64_t>(text.size()));
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_perm(entry, 0644);
    EXPECT_EQ(::archive_write_header(out, entry), ARCHIVE_OK) << ::archive_error_string(out);
    ::archive_write_data(out, text.data(), text.size());
    ::archive_entry_free(entry);
  }
  EXPECT_EQ(::archive_write_free(out), ARCHIVE_OK);
  return path;
}

inline std::filesystem::path write_compressed(const std::filesystem::path& path, int filter,
                                              const std::string& text) {
  return write_archive(path, {.format = ARCHIVE_FORMAT_RAW, .filter = filter}, {{"", text}});
}

class RecordingProgress : public Progress {
 public:
  bool advance(const ProgressStep& step) override {
    steps.push_back(step);
    return steps.size() < stop_after;
  }
  void note(const std::string& sentence) override { notes += sentence + "\n"; }

  std::vector<ProgressStep> steps;
  std::string notes;
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();
};

// A search folder, a cache and a folder of manifests, empty and offline.
class Corpora : public testing::Test {
 protected:
  std::filesystem::path search() const { return folder.path() / "search"; }
  std::filesystem::path manifests() const { return folder.path() / "manifests"; }
  CorpusPlaces places() const {
    std::filesystem::create_directories(search());
    return {.search = {search()},
            .cache = folder.path() / "cache",
            .manifests = {manifests()},
            .offline = true};
  }

  // A manifest `name` with the fields given as JSON: "files": [...], "documents": [...].
  std::filesystem::path add_manifest(const std::string& name, const std::string& fields) const {
    return write_file(manifests() / (name + ".json"),
                      fmt::format(R"({{"evalzip_corpus": 1, "name": "{}", "title": "a test",
                                      "origin": "here", "licence": "none", {}}})",
                                  name, fields));
  }

  static std::string document_json(const std::string& name, const std::string& content,
                                   const std::string& more = "") {
    return fmt::format(R"({{"name": "{}", "size": {}, "sha256": "{}"{}}})", name, content.size(),
                       sha256_of(content), more);
  }

  TemporaryFolder folder;
  RecordingProgress progress;
};

}  // namespace evalzip
