#include "cli/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "harness/descriptor_io.h"

namespace evalzip {
namespace {

std::system_error failure(int error, const std::filesystem::path& path) {
  return {error, std::generic_category(), "cannot write " + path.string()};
}

std::filesystem::path beside(const std::filesystem::path& path) {
  return path.string() + ".part-" + std::to_string(getpid());
}

}  // namespace

void check_writable(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) throw failure(EISDIR, path);
  const std::filesystem::path trial = beside(path);
  const int descriptor = open(trial.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) throw failure(errno, path);
  // A full disk lets an empty file be made: only writing shows it.
  const bool written = write(descriptor, "{}\n", 3) == 3 && fsync(descriptor) == 0;
  const int error = errno;
  close(descriptor);
  unlink(trial.c_str());
  if (!written) throw failure(error, path);
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path part = beside(path);
  const int descriptor = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) throw failure(errno, path);
  try {
    write_all(descriptor, text);
    if (fsync(descriptor) != 0) throw failure(errno, path);
    close(descriptor);
  } catch (const std::system_error& error) {
    close(descriptor);
    unlink(part.c_str());
    throw failure(error.code().value(), path);
  }
  if (std::filesystem::exists(path)) {
    std::error_code ignored;  // no backup is no reason to lose the new result
    std::filesystem::rename(path, path.string() + "~", ignored);
  }
  std::filesystem::rename(part, path);
}

}  // namespace evalzip
