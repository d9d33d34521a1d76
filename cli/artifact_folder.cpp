#include "cli/artifact_folder.h"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "harness/output_file.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

struct ReaderCloser {
  void operator()(::archive* reader) const { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<::archive, ReaderCloser>;

std::string read_whole_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::system_error(errno, std::generic_category(), path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

FoundFiles read_folder(const fs::path& folder) {
  FoundFiles files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    files.emplace(entry.path().lexically_relative(folder).generic_string(),
                  read_whole_file(entry.path()));
  }
  return files;
}

[[noreturn]] void refuse(const fs::path& path, ::archive* reader) {
  const char* why = ::archive_error_string(reader);
  throw std::runtime_error(fmt::format("{} cannot be read as an archive: {}", path.string(),
                                       why != nullptr ? why : "it is none that evalzip knows"));
}

std::string read_member(const fs::path& path, ::archive* reader) {
  std::string text;
  char buffer[1 << 16];
  while (true) {
    const auto size = ::archive_read_data(reader, buffer, sizeof buffer);
    if (size < 0) refuse(path, reader);
    if (size == 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
  }
}

// Without the folder that all members lie in.
std::string inner_path(const char* stored) {
  fs::path path = fs::path(stored == nullptr ? "" : stored).lexically_normal();
  auto part = path.begin();
  if (part != path.end()) ++part;
  fs::path inner;
  for (; part != path.end(); ++part) inner /= *part;
  return inner.generic_string();
}

// Filters are named one by one: "all" includes running programs found by the file's first bytes.
FoundFiles read_archive(const fs::path& path) {
  const Reader reader(::archive_read_new());
  ::archive_read_support_format_tar(reader.get());
  ::archive_read_support_filter_gzip(reader.get());
  ::archive_read_support_filter_xz(reader.get());
  ::archive_read_support_filter_zstd(reader.get());
  constexpr std::size_t kBlock = 1 << 16;
  if (::archive_read_open_filename(reader.get(), path.c_str(), kBlock) != ARCHIVE_OK) {
    refuse(path, reader.get());
  }
  FoundFiles files;
  while (true) {
    ::archive_entry* entry = nullptr;
    const int result = ::archive_read_next_header(reader.get(), &entry);
    if (result == ARCHIVE_EOF) return files;
    if (result != ARCHIVE_OK) refuse(path, reader.get());
    if (::archive_entry_filetype(entry) != AE_IFREG) continue;
    const std::string inner = inner_path(::archive_entry_pathname(entry));
    files.emplace(inner, read_member(path, reader.get()));
  }
}

}  // namespace

void write_artifact_folder(const fs::path& folder, const std::vector<ArtifactFile>& files) {
  if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder))) {
    throw std::runtime_error(
        fmt::format("{} is there already: a bundle needs a folder of its own", folder.string()));
  }
  for (const ArtifactFile& file : files) {
    const fs::path path = folder / file.path;
    fs::create_directories(path.parent_path());
    write_file(path, file.text);
    if (!file.executable) continue;
    constexpr auto kExecutable =
        fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    fs::permissions(path, kExecutable, fs::perm_options::add);
  }
}

FoundFiles read_artifact(const fs::path& path) {
  return fs::is_directory(path) ? read_folder(path) : read_archive(path);
}

}  // namespace evalzip
