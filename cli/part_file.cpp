#include "cli/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "harness/descriptor_io.h"

namespace evalzip {
namespace {

// Another process may have renamed or removed the file between our open() and our lock.
bool is_still_called(int descriptor, const std::filesystem::path& path) {
  struct stat opened {
  }, named{};
  return fstat(descriptor, &opened) == 0 && lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// The descriptor of `path`, locked; or minus the error.
int open_locked(const std::filesystem::path& path, unsigned mode) {
  while (true) {
    const int descriptor =
        open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, static_cast<mode_t>(mode));
    if (descriptor < 0) return -errno;
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      close(descriptor);
      return -error;
    }
    if (is_still_called(descriptor, path)) return descriptor;
    close(descriptor);
  }
}

}  // namespace

PartFile::PartFile(std::filesystem::path path, unsigned mode)
    : path_(std::move(path)), part_(path_.string() + ".part") {
  const int opened = open_locked(part_, mode);
  if (opened == -EWOULDBLOCK) {
    throw std::runtime_error("cannot write " + path_.string() +
                             ": another evalzip is writing it; wait for its end");
  }
  if (opened < 0) fail(-opened);
  descriptor_ = opened;
  if (ftruncate(descriptor_, 0) != 0) {
    const int error = errno;
    close(descriptor_);
    fail(error);
  }
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

void PartFile::commit() {
  sync();
  if (rename(part_.c_str(), path_.c_str()) != 0) fail(errno);
  committed_ = true;
}

void PartFile::fail(int error) const {
  throw std::system_error(error, std::generic_category(), "cannot write " + path_.string());
}

}  // namespace evalzip
