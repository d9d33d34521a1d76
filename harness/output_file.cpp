#include "harness/output_file.h"

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include "harness/part_file.h"

namespace evalzip {
namespace {

std::system_error failure(int error, const std::filesystem::path& path) {
  return {error, std::generic_category(), "cannot write " + path.string()};
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
  // A full disk lets an empty file be made: only writing shows it.
  PartFile trial(path);
  trial.write(std::as_bytes(std::span(std::string_view("{}\n"))));
  trial.sync();
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file_in_pieces(path,
                       [text](const PieceWriter& write) { write(std::as_bytes(std::span(text))); });
}

void replace_file(const std::filesystem::path& path, std::string_view text) {
  PartFile part(path);
  part.write(std::as_bytes(std::span(text)));
  part.commit();
}

void write_file_in_pieces(const std::filesystem::path& path,
                          const std::function<void(const PieceWriter&)>& produce) {
  PartFile part(path);
  produce([&part](std::span<const std::byte> piece) { part.write(piece); });
  part.sync();
  // A second name for the older file, so that `path` is there at every moment. No backup is no
  // reason to lose the new result.
  std::error_code ignored;
  std::filesystem::remove(path.string() + "~", ignored);
  std::filesystem::create_hard_link(path, path.string() + "~", ignored);
  part.commit();
}

}  // namespace evalzip
