// What bytes should be: their size and hashes, and the check that they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "corpora/progress.h"

namespace evalzip {

// Hashes are lower-case hex. Absent hashes are not checked; MD5 and SHA-1 are here because some
// corpora were published with nothing better.
struct ByteIdentity {
  std::uint64_t size = 0;
  std::optional<std::string> sha256, sha1, md5;
};

// Size and hashes of the bytes fed to it, compared with what they should be. Not thread-safe.
class IdentityCheck {
 public:
  // Throws CorpusError (environment) when the machine's OpenSSL refuses a hash that is needed.
  explicit IdentityCheck(ByteIdentity expected);
  ~IdentityCheck();
  IdentityCheck(IdentityCheck&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void finish();  // once, after the last update and before the questions below

  // Why the bytes are not the expected ones, as "expected ..., found ..."; absent if they are.
  std::optional<std::string> mismatch() const;
  std::uint64_t size() const { return found_size_; }
  const std::string& sha256() const { return sha256_; }  // of what was fed

 private:
  class Hash;
  struct Expectation;
  ByteIdentity expected_;
  std::vector<Expectation> hashes_;
  std::uint64_t found_size_ = 0;
  std::string sha256_;
};

// Where bytes lie: `size` bytes (all up to the end, if absent) at `offset` of the file at `path`.
struct FileSlice {
  std::filesystem::path path;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> size;
};

struct SliceVerdict {
  std::uint64_t size = 0;
  std::string sha256;
  std::optional<std::string> mismatch;
};

// Reads the slice and compares. Throws CorpusError (usage) when the file cannot be read.
SliceVerdict check_slice(const FileSlice& slice, const ByteIdentity& expected, Progress& progress);

// Size and SHA-256 of a slice of which nothing is expected. Throws like check_slice().
SliceVerdict identify_slice(const FileSlice& slice, Progress& progress);

}  // namespace evalzip
