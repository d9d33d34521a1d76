#include "cli/input_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "harness/descriptor_io.h"

namespace evalzip {
namespace {

// A failure to read says which file it was.
template <class Read>
auto named(const std::string& name, Read read) {
  try {
    return read();
  } catch (const std::system_error& error) {
    throw std::system_error(error.code(), "cannot read " + name);
  }
}

}  // namespace

InputFile::InputFile(const std::string& name)
    : name_(name == kStandardStream ? "standard input" : name),
      standard_(name == kStandardStream),
      descriptor_(standard_ ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
  const bool known = descriptor_ >= 0 && fstat(descriptor_, &facts_) == 0;
  const int error = errno;
  const bool folder = known && S_ISDIR(facts_.st_mode);
  std::error_code ignored;
  if (!standard_) written_ = std::filesystem::last_write_time(name, ignored);
  if (known && !folder) return;
  if (descriptor_ >= 0 && !standard_) close(descriptor_);
  if (folder) throw std::runtime_error(name_ + " is a folder: name the files in it");
  throw std::system_error(error, std::generic_category(), "cannot read " + name_);
}

InputFile::~InputFile() {
  if (!standard_) close(descriptor_);
}

void InputFile::remove() const {
  if (standard_) return;
  struct stat now {};
  std::error_code error;
  const bool same = stat(name_.c_str(), &now) == 0 && now.st_dev == facts_.st_dev &&
                    now.st_ino == facts_.st_ino && now.st_size == facts_.st_size &&
                    std::filesystem::last_write_time(name_, error) == written_;
  if (!same) throw std::runtime_error(name_ + " was changed while it was read: it is kept");
  std::filesystem::remove(name_);
}

bool InputFile::is_terminal() const { return isatty(descriptor_) == 1; }

std::optional<std::uint64_t> InputFile::size() const {
  if (!is_regular()) return std::nullopt;
  return static_cast<std::uint64_t>(facts_.st_size);
}

ByteSource InputFile::source() const {
  return [this](MutableBytes bytes) {
    return named(name_, [&] { return read_until_full(descriptor_, bytes); });
  };
}

void InputFile::read_at(std::uint64_t offset, MutableBytes bytes) const {
  named(name_, [&] { read_exactly(descriptor_, offset, bytes); });
}

void InputFile::lend_attributes(const PartFile& file) const {
  if (!is_regular() || standard_) return;
  const int descriptor = file.descriptor();
  // Where the group may not be given, the group's rights must not be given either.
  // No more than permissions: bytes that came out of a decoder get nobody's identity.
  mode_t mode = facts_.st_mode & 0777;
  if (fchown(descriptor, facts_.st_uid, facts_.st_gid) != 0 &&
      fchown(descriptor, static_cast<uid_t>(-1), facts_.st_gid) != 0) {
    mode &= static_cast<mode_t>(~S_IRWXG);
  }
  [[maybe_unused]] const int ignored = fchmod(descriptor, mode);
  std::error_code error;
  const auto time = std::filesystem::last_write_time(name_, error);
  if (!error) std::filesystem::last_write_time(file.part(), time, error);
}

}  // namespace evalzip
