#include "harness/staging.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "corpora/corpus.h"
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

void check_folder(const std::filesystem::path& folder) {
  struct stat found {};
  if (lstat(folder.c_str(), &found) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot read " + folder.string());
  }
  if (S_ISDIR(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 022) == 0) return;
  throw std::runtime_error(fmt::format(
      "{} is not a folder that only you can write to, so what is in it may be anybody's: "
      "remove it, or name another with --stage",
      folder.string()));
}

void copy(const InputPart& part, PartFile& to) {
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
    throw InputChanged(fmt::format("{} changed since it was planned: {}", part.file, *mismatch));
  }
}

}  // namespace

Stage::Stage(std::filesystem::path folder, InputCheck& check, Observer observer)
    : folder_(std::move(folder)), check_(check), observer_(std::move(observer)) {
  if (!folder_.parent_path().empty()) std::filesystem::create_directories(folder_.parent_path());
  if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
    throw std::system_error(errno, std::generic_category(), "cannot create " + folder_.string());
  }
  check_folder(folder_);
}

std::filesystem::path Stage::place(const InputPart& part) const {
  const std::filesystem::path file = folder_ / part.sha256;
  const InputPart staged{.file = file.string(),
                         .bytes = {.offset = 0, .size = part.bytes.size},
                         .sha256 = part.sha256};
  const auto is_whole = [&] {
    return std::filesystem::exists(file) && check_.problem(staged).empty();
  };
  // Files get their name when they are whole, so this needs no lock.
  if (is_whole()) return file;
  const FileLock lock(folder_ / (part.sha256 + ".lock"), observer_.interrupted);
  if (!lock.held()) throw Interrupted{};
  check_.forget(staged);
  if (!is_whole()) {
    PartFile copied(file);
    copy(part, copied);
    copied.commit();
    check_.forget(staged);
    observer_.copied(part.file);
  }
  return file;
}

}  // namespace evalzip
