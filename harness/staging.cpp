#include "harness/staging.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "corpora/identity.h"
#include "harness/descriptor_io.h"
#include "harness/file_lock.h"
#include "harness/part_file.h"

namespace evalzip {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ >= 0) return;
    throw std::system_error(errno, std::generic_category(), "cannot read " + path.string());
  }
  ~OpenFile() { close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool has_size(const std::filesystem::path& file, std::uint64_t size) {
  std::error_code none;
  return std::filesystem::is_regular_file(file, none) &&
         std::filesystem::file_size(file, none) == size;
}

void copy(const StagedPart& part, PartFile& to) {
  constexpr std::uint64_t kPiece = 1 << 20;
  const OpenFile from(part.file);
  IdentityCheck check({.size = part.bytes.size, .sha256 = part.sha256, .sha1 = {}, .md5 = {}});
  std::vector<std::byte> piece;
  for (std::uint64_t done = 0; done < part.bytes.size; done += piece.size()) {
    piece.resize(std::min(kPiece, part.bytes.size - done));
    read_exactly(from.descriptor(), part.bytes.offset + done, piece);
    check.update(piece);
    to.write(piece);
  }
  check.finish();
  if (const auto mismatch = check.mismatch()) {
    throw Stage::Changed(
        fmt::format("{} changed since it was planned: {}", part.file.string(), *mismatch));
  }
}

}  // namespace

std::filesystem::path Stage::place(const StagedPart& part) const {
  std::filesystem::create_directories(folder_);
  const std::filesystem::path file = folder_ / part.sha256;
  // Files get their name when they are whole, so this needs no lock.
  if (has_size(file, part.bytes.size)) return file;
  const FileLock lock(folder_ / (part.sha256 + ".lock"), interrupted_);
  if (!lock.held()) throw Interrupted{};
  if (!has_size(file, part.bytes.size)) {
    PartFile copied(file);
    copy(part, copied);
    copied.commit();
  }
  return file;
}

}  // namespace evalzip
