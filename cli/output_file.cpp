#include "cli/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include "harness/descriptor_io.h"

namespace evalzip {
namespace {

std::system_error failure(int error, const std::filesystem::path& path) {
  return {error, std::generic_category(), "cannot write " + path.string()};
}

// One name for all, so that what a killed process left is taken away by the next.
std::filesystem::path beside(const std::filesystem::path& path) { return path.string() + ".part"; }

// The file beside `path` with all that `produce` gives, on disk.
std::filesystem::path write_part(const std::filesystem::path& path,
                                 const std::function<void(const PieceWriter&)>& produce) {
  const std::filesystem::path part = beside(path);
  const int descriptor = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) throw failure(errno, path);
  try {
    produce([descriptor](std::span<const std::byte> piece) { write_all(descriptor, piece); });
    if (fsync(descriptor) != 0) throw failure(errno, path);
    close(descriptor);
  } catch (const std::system_error& error) {
    close(descriptor);
    unlink(part.c_str());
    throw failure(error.code().value(), path);
  } catch (...) {
    close(descriptor);
    unlink(part.c_str());
    throw;
  }
  return part;
}

}  // namespace

void check_writable(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) throw failure(EISDIR, path);
  if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
    throw std::runtime_error(
        "cannot write " + path.string() +
        ": it is a device or a pipe, and a result is replaced as a whole; name "
        "a file, and use `evalzip report FILE --format json` for pipes");
  }
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
  write_file_in_pieces(path,
                       [text](const PieceWriter& write) { write(std::as_bytes(std::span(text))); });
}

void replace_file(const std::filesystem::path& path, std::string_view text) {
  const auto whole = [text](const PieceWriter& write) { write(std::as_bytes(std::span(text))); };
  std::filesystem::rename(write_part(path, whole), path);
}

void write_file_in_pieces(const std::filesystem::path& path,
                          const std::function<void(const PieceWriter&)>& produce) {
  const std::filesystem::path part = write_part(path, produce);
  // A second name for the older file, so that `path` is there at every moment. No backup is no
  // reason to lose the new result.
  std::error_code ignored;
  std::filesystem::remove(path.string() + "~", ignored);
  std::filesystem::create_hard_link(path, path.string() + "~", ignored);
  std::filesystem::rename(part, path);
}

}  // namespace evalzip
