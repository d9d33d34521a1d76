#include "harness/part_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "harness/descriptor_io.h"
#include "harness/file_lock.h"

namespace evalzip {
namespace {

// Removes what a killed process left. EWOULDBLOCK: it was not killed. 0: try again.
int remove_stale(const std::filesystem::path& path) {
  const int old = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (old < 0) return errno == ENOENT ? 0 : errno;
  int error = flock(old, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
  if (has_no_locks(error)) error = 0;
  if (error == 0 && is_still_called(old, path) && unlink(path.c_str()) != 0) error = errno;
  close(old);
  return error;
}

// The descriptor of a new file of that name, locked; or minus the error.
int open_locked(const std::filesystem::path& path, unsigned mode) {
  while (true) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                static_cast<mode_t>(mode));
    if (descriptor >= 0) {
      // Until it is locked it looks stale to others.
      const bool locked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || has_no_locks(errno);
      if (locked && is_still_called(descriptor, path)) return descriptor;
      close(descriptor);
    } else if (errno != EEXIST) {
      return -errno;
    } else if (const int error = remove_stale(path); error != 0) {
      return -error;
    }
  }
}

// So that the name is on disk as well. Not every file system can.
void sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.parent_path();
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  [[maybe_unused]] const int ignored = fsync(descriptor);
  close(descriptor);
}

}  // namespace

PartFile::PartFile(std::filesystem::path path, unsigned mode)
    : path_(std::move(path)), part_(part_of(path_)) {
  const int opened = open_locked(part_, mode);
  if (opened == -EWOULDBLOCK) {
    throw std::runtime_error("cannot write " + path_.string() +
                             ": another evalzip is writing it; wait for its end");
  }
  if (opened < 0) fail(-opened);
  descriptor_ = opened;
}

PartFile::~PartFile() {
  if (!committed_) unlink(part_.c_str());
  close(descriptor_);
}

void PartFile::write(std::span<const std::byte> bytes) {
  try {
    write_all(descriptor_, bytes);
  } catch (const std::system_error& error) {
    fail(error.code().value());
  }
}

void PartFile::sync() {
  if (fsync(descriptor_) != 0) fail(errno);
}

void PartFile::commit(bool replace) {
  sync();
  // A second name instead of a new one fails where there is a file. Some file systems have no
  // second names: there a look before must do.
  bool linked = false;
  if (!replace) {
    linked = link(part_.c_str(), path_.c_str()) == 0;
    const bool taken = !linked && (errno == EEXIST || std::filesystem::exists(path_));
    if (taken)
      throw std::runtime_error(path_.string() + " has come to be there meanwhile: it stays");
  }
  if (!linked && rename(part_.c_str(), path_.c_str()) != 0) fail(errno);
  committed_ = !linked;  // a part that was linked still goes
  sync_folder(path_);
}

std::filesystem::path PartFile::part_of(const std::filesystem::path& path) {
  return path.parent_path() / fmt::format(".{}.evalzip-part", path.filename().string());
}

void PartFile::fail(int error) const {
  throw std::system_error(error, std::generic_category(), "cannot write " + path_.string());
}

}  // namespace evalzip
