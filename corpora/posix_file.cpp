#include "corpora/posix_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "corpora/corpus.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTemporarySuffix = ".unfinished";
constexpr const char* kCacheRemedy =
    "free some space, or set XDG_CACHE_HOME to a folder on a disk with room";

std::string reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void throw_unreadable(const fs::path& path, const std::string& why) {
  throw CorpusError(CorpusError::Kind::usage,
                    fmt::format("cannot read {}: {}; name a readable file", path.string(), why));
}

int open_readable(const fs::path& path) {
  // O_NONBLOCK: opening a fifo without a writer must not wait for ever.
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) throw_unreadable(path, reason(errno));
  return number;
}

std::optional<std::uint64_t> free_bytes(const fs::path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

int open_temporary(const fs::path& folder, std::string& name) {
  make_cache_folder(folder);
  name = (folder / ("XXXXXX" + std::string(kTemporarySuffix))).string();
  const int number =
      ::mkostemps(name.data(), static_cast<int>(std::string(kTemporarySuffix).size()), O_CLOEXEC);
  if (number < 0) throw_write_error(folder, errno);
  ::flock(number, LOCK_EX | LOCK_NB);  // a sign of life for remove_abandoned_files()
  return number;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

ReadableFile::ReadableFile(const fs::path& path) : path_(path), descriptor_(open_readable(path)) {
  struct stat status {};
  if (::fstat(descriptor_.number(), &status) != 0) throw_unreadable(path, reason(errno));
  if (!S_ISREG(status.st_mode)) throw_unreadable(path, "it is not a regular file");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

std::size_t ReadableFile::read_at(std::uint64_t offset, std::span<std::byte> buffer) const {
  while (true) {
    const ::ssize_t got =
        ::pread(descriptor_.number(), buffer.data(), buffer.size(), static_cast<::off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw_unreadable(path_, reason(errno));
  }
}

std::string read_text(const fs::path& path, std::size_t limit) {
  const ReadableFile file(path);
  if (file.size() > limit) {
    throw_unreadable(path,
                     fmt::format("it has {} bytes and at most {} are read", file.size(), limit));
  }
  std::string text(file.size(), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const std::size_t got =
        file.read_at(done, std::as_writable_bytes(std::span(text).subspan(done)));
    if (got == 0) break;
    done += got;
  }
  text.resize(done);
  return text;
}

UnfinishedFile::UnfinishedFile(const fs::path& folder)
    : descriptor_([&] {
        std::string name;
        const int number = open_temporary(folder, name);
        path_ = name;
        return number;
      }()) {}

UnfinishedFile::~UnfinishedFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

void UnfinishedFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ::ssize_t written = ::write(descriptor_.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_write_error(path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void UnfinishedFile::commit(const fs::path& target) {
  flush_to_disk(descriptor_.number(), path_);
  make_cache_folder(target.parent_path());
  ::fchmod(descriptor_.number(), 0644);  // mkostemps gives 0600; a shared cache must be readable
  if (::rename(path_.c_str(), target.c_str()) != 0) throw_write_error(target, errno);
  path_.clear();
  const FileDescriptor folder(::open(target.parent_path().c_str(), O_RDONLY | O_CLOEXEC));
  if (folder.number() >= 0) ::fsync(folder.number());  // the name, too, survives a power cut
}

void remove_abandoned_files(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != kTemporarySuffix) continue;
    const FileDescriptor file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.number() < 0) continue;
    if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
  }
}

FileLock::FileLock(const fs::path& path, Progress& progress)
    : descriptor_((make_cache_folder(path.parent_path()),
                   ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644))) {
  if (descriptor_.number() < 0) throw_write_error(path, errno);
  for (bool told = false; ::flock(descriptor_.number(), LOCK_EX | LOCK_NB) != 0; told = true) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw_write_error(path, errno);
    if (!told)
      progress.note(fmt::format("waiting for another evalzip that holds {}", path.string()));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    advance(progress, {.what = "waiting for another evalzip",
                       .source = path.string(),
                       .total_bytes = {},
                       .bytes_per_second = {}});
  }
}

void make_cache_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error || fs::is_directory(folder)) return;
  throw CorpusError(CorpusError::Kind::environment,
                    fmt::format("cannot make the cache folder {}: {}; set XDG_CACHE_HOME to a "
                                "folder that can be written",
                                folder.string(), error.message()));
}

void require_free_space(const fs::path& folder, std::uint64_t needed, const std::string& purpose) {
  const std::optional<std::uint64_t> available = free_bytes(folder);
  if (!available || *available >= needed) return;
  throw CorpusError(CorpusError::Kind::environment,
                    fmt::format("{} needs {} bytes in {}, where {} are free; {}", purpose, needed,
                                folder.string(), *available, kCacheRemedy));
}

void flush_to_disk(int descriptor, const fs::path& path) {
  if (::fsync(descriptor) != 0 && errno != EINVAL) throw_write_error(path, errno);
}

void throw_write_error(const fs::path& path, int error) {
  const std::optional<std::uint64_t> available = free_bytes(path.parent_path());
  const bool full = error == ENOSPC || error == EDQUOT;
  throw CorpusError(
      CorpusError::Kind::environment,
      fmt::format("cannot write {}: {} ({} bytes are free there); {}", path.string(), reason(error),
                  available.value_or(0),
                  full ? kCacheRemedy : "set XDG_CACHE_HOME to a folder that can be written"));
}

}  // namespace evalzip
