// Files as the corpora need them: read with reasons for failure, written whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "corpora/progress.h"

namespace evalzip {

// An open file descriptor, closed at the end of its life.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  int number() const { return number_; }

 private:
  int number_;  // -1 when there is none
};

// A regular file open for reading. Throws CorpusError (usage) with the path and the system's
// reason, also for folders, sockets and devices.
class ReadableFile {
 public:
  explicit ReadableFile(const std::filesystem::path& path);

  std::uint64_t size() const { return size_; }  // when it was opened

  // Bytes read; 0 only at the end of the file. Throws CorpusError (usage).
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> buffer) const;

 private:
  std::filesystem::path path_;
  FileDescriptor descriptor_;
  std::uint64_t size_ = 0;
};

// Whole text of a small file. Throws CorpusError (usage), also when it is longer than `limit`.
std::string read_text(const std::filesystem::path& path, std::size_t limit);

// A file that is being written under a temporary name and appears at its own name only complete and
// on disk (fsync, then rename). Destroyed without commit(), it leaves nothing behind; after a crash
// remove_abandoned_files() finds it, because its owner's lock is gone.
class UnfinishedFile {
 public:
  // Makes the folder if need be. Throws CorpusError (environment).
  explicit UnfinishedFile(const std::filesystem::path& folder);
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit(const std::filesystem::path& target);
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  FileDescriptor descriptor_;
};

// Removes what UnfinishedFile left in `folder` when its process was killed. Never touches a file
// that a living process is writing.
void remove_abandoned_files(const std::filesystem::path& folder);

// An advisory lock on a file, held by one process at a time and dropped by the kernel when that
// process ends in whatever way. Waits for it, saying so; throws Cancelled, CorpusError
// (environment).
class FileLock {
 public:
  FileLock(const std::filesystem::path& path, Progress& progress);

 private:
  FileDescriptor descriptor_;
};

// Makes the folder and its parents. Throws CorpusError (environment) naming XDG_CACHE_HOME.
void make_cache_folder(const std::filesystem::path& folder);

// Throws CorpusError (environment) when fewer than `needed` bytes are free where `folder` lies.
// `purpose` completes the sentence "... needs N bytes".
void require_free_space(const std::filesystem::path& folder, std::uint64_t needed,
                        const std::string& purpose);

// Flushes `descriptor` to disk. Throws CorpusError (environment).
void flush_to_disk(int descriptor, const std::filesystem::path& path);

// The CorpusError (environment) for a failed write to `path`: `error` is its errno. A full disk is
// explained with the free space and the remedy.
[[noreturn]] void throw_write_error(const std::filesystem::path& path, int error);

}  // namespace evalzip
