#include "harness/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace evalzip {
namespace {

constexpr std::chrono::milliseconds kPause{100};

}  // namespace

bool is_still_called(int descriptor, const std::filesystem::path& path) {
  struct stat opened {
  }, named{};
  return fstat(descriptor, &opened) == 0 && lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

bool has_no_locks(int error) {
  return error == ENOSYS || error == ENOLCK || error == EOPNOTSUPP || error == EINVAL;
}

FileLock::FileLock(std::filesystem::path path, const std::function<bool()>& interrupted)
    : path_(std::move(path)) {
  while (!interrupted()) {
    const int opened = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (opened < 0) {
      throw std::system_error(errno, std::generic_category(), "cannot create " + path_.string());
    }
    const bool taken = flock(opened, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && is_still_called(opened, path_)) {
      descriptor_ = opened;
      return;
    }
    close(opened);
    if (taken) std::this_thread::sleep_for(kPause);
  }
}

FileLock::~FileLock() {
  if (!held()) return;
  unlink(path_.c_str());  // before the lock goes, so that nobody gets a lock of this name meanwhile
  close(descriptor_);
}

bool FileLock::is_held(const std::filesystem::path& path) {
  const int opened = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (opened < 0) return false;
  const bool taken = flock(opened, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(opened);
  return taken;
}

}  // namespace evalzip
