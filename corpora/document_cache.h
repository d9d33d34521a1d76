// The cache of raw documents, addressed by the SHA-256 of their bytes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "corpora/identity.h"
#include "corpora/posix_file.h"
#include "corpora/progress.h"

namespace evalzip {

struct CachedDocument {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string sha256;
};

// A damaged or wrong file that was not used.
struct Rejection {
  std::string document;
  std::filesystem::path path;
  std::string why;  // "expected ..., found ..."
};

// Many processes may share one cache: files appear in it complete or not at all.
class DocumentCache {
 public:
  explicit DocumentCache(std::filesystem::path root) : root_(std::move(root)) {}

  // The document with this identity, read whole and compared first. A file that has become damaged
  // is thrown away and told in `rejected`. Absent if it is not (or no longer) there.
  std::optional<CachedDocument> find(const ByteIdentity& identity, Progress& progress,
                                     std::optional<Rejection>& rejected) const;

  // Where a file of that address and size lies. Reads no contents, so it may be damaged.
  std::optional<std::filesystem::path> locate(const ByteIdentity& identity) const;

  // A document on its way into the cache.
  class Writer {
   public:
    // Throws CorpusError (environment) when the disk has no room for it.
    Writer(const DocumentCache& cache, const std::string& name, const ByteIdentity& expected);
    void write(std::span<const std::byte> bytes);
    // Puts the document into the cache if its bytes are the expected ones. Otherwise `why` says
    // what differs, and nothing is kept.
    std::optional<CachedDocument> commit(std::string& why);

   private:
    const DocumentCache& cache_;
    ByteIdentity expected_;
    IdentityCheck check_;
    UnfinishedFile file_;
    std::uint64_t written_ = 0;
  };

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path lock_path(const std::string& corpus) const;
  std::filesystem::path download_folder(const std::string& corpus) const;
  // Where documents are written before they are complete.
  std::filesystem::path unfinished_folder() const { return root_ / "unfinished"; }

 private:
  std::optional<std::string> address_of(const ByteIdentity& identity) const;
  std::filesystem::path document_path(const std::string& sha256) const;
  // Corpora published with MD5 or SHA-1 only: a file of that name holds the SHA-256.
  std::filesystem::path index_path(const ByteIdentity& identity) const;

  std::filesystem::path root_;
};

}  // namespace evalzip
