#include "corpora/partial_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace evalzip {
namespace {

namespace fs = std::filesystem;

int open_for_appending(const fs::path& path) {
  make_cache_folder(path.parent_path());
  const int number = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (number < 0) throw_write_error(path, errno);
  return number;
}

}  // namespace

PartialFile::PartialFile(const fs::path& target)
    : target_(target),
      path_(target.string() + ".part"),
      origin_path_(target.string() + ".part.origin"),
      descriptor_(open_for_appending(path_)) {
  struct stat status {};
  if (::fstat(descriptor_.number(), &status) == 0)
    size_ = static_cast<std::uint64_t>(status.st_size);
  std::error_code error;
  constexpr std::size_t kLongestOrigin = 16384;
  if (size_ == 0 || fs::file_size(origin_path_, error) > kLongestOrigin || error) return;
  const std::string text = read_text(origin_path_, kLongestOrigin);
  const std::size_t line = text.find('\n');
  address_ = text.substr(0, line);
  if (line != std::string::npos) validator_ = text.substr(line + 1);
}

PartialFile::~PartialFile() {
  if (size_ == 0) remove();
}

void PartialFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ::ssize_t written = ::write(descriptor_.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_write_error(path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
}

void PartialFile::restart() {
  if (::ftruncate(descriptor_.number(), 0) != 0) throw_write_error(path_, errno);
  size_ = 0;
  address_.clear();
  validator_.clear();
}

std::optional<std::string> PartialFile::validator(const std::string& address) const {
  if (!came_from(address) || validator_.empty()) return std::nullopt;
  return validator_;
}

bool PartialFile::came_from(const std::string& address) const { return address_ == address; }

void PartialFile::set_origin(const std::string& address, const std::string& validator) {
  if (address_ == address && validator_ == validator) return;
  address_ = address;
  validator_ = validator;
  UnfinishedFile file(origin_path_.parent_path());
  const std::string text = address + "\n" + validator;
  file.write(std::as_bytes(std::span(text)));
  file.commit(origin_path_);
}

void PartialFile::flush() { flush_to_disk(descriptor_.number(), path_); }

void PartialFile::move_to_target() {
  flush();
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw_write_error(target_, errno);
  ::unlink(origin_path_.c_str());
}

void PartialFile::remove() {
  ::unlink(path_.c_str());
  ::unlink(origin_path_.c_str());
}

}  // namespace evalzip
