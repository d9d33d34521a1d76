// A lock between processes, on one machine or on several that share a file system.
#pragma once

#include <filesystem>
#include <functional>

namespace evalzip {

// Whether the open file is still the one of that name: another process may have renamed or removed
// it between our open() and our lock.
bool is_still_called(int descriptor, const std::filesystem::path& path);

// Whether the error of flock(2) says that this file system knows no locks: some clusters' do not.
bool has_no_locks(int error);

// Holds the lock file called `path`, made if it is not there, removed at the end; a killed process
// leaves the file, but not the lock. Where the file system has no locks there is none.
class FileLock {
 public:
  // Waits for whoever holds it, until `interrupted()` says so: then held() is false. Throws
  // std::system_error that names the path if the file cannot be made.
  FileLock(std::filesystem::path path, const std::function<bool()>& interrupted);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool held() const { return descriptor_ >= 0; }

  // Whether another process holds the lock of that name now.
  static bool is_held(const std::filesystem::path& path);

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace evalzip
