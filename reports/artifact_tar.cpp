// A bundle as a tar archive (POSIX ustar), without what differs from day to day: same runs, same
// bytes.
#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <ostream>

#include <fmt/format.h>

#include "reports/artifact.h"

namespace evalzip {
namespace {

constexpr std::string_view kFolder = "evalzip-artifact/";

struct EntryCloser {
  void operator()(::archive_entry* entry) const { ::archive_entry_free(entry); }
};

struct WriterCloser {
  void operator()(::archive* writer) const { ::archive_write_free(writer); }
};
using TarWriter = std::unique_ptr<::archive, WriterCloser>;

::la_ssize_t append(::archive* /*writer*/, void* stream, const void* bytes, std::size_t size) {
  static_cast<std::ostream*>(stream)->write(static_cast<const char*>(bytes),
                                            static_cast<std::streamsize>(size));
  return static_cast<::la_ssize_t>(size);  // a failed stream is its owner's to find out
}

void require(int result, ::archive* writer) {
  if (result == ARCHIVE_OK) return;
  throw std::runtime_error(
      fmt::format("the bundle cannot be packed: {}", ::archive_error_string(writer)));
}

void add(::archive* writer, const ArtifactFile& file) {
  const std::unique_ptr<::archive_entry, EntryCloser> entry(::archive_entry_new());
  ::archive_entry_set_pathname(entry.get(), fmt::format("{}{}", kFolder, file.path).c_str());
  ::archive_entry_set_size(entry.get(), static_cast<::la_int64_t>(file.text.size()));
  ::archive_entry_set_filetype(entry.get(), AE_IFREG);
  ::archive_entry_set_perm(entry.get(), file.executable ? 0755 : 0644);
  ::archive_entry_set_mtime(entry.get(), 0, 0);
  require(::archive_write_header(writer, entry.get()), writer);
  const auto written = ::archive_write_data(writer, file.text.data(), file.text.size());
  if (written < 0) require(ARCHIVE_FATAL, writer);
}

}  // namespace

void write_artifact(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const TarWriter writer(::archive_write_new());
  require(::archive_write_set_format_ustar(writer.get()), writer.get());
  require(::archive_write_open(writer.get(), &out, nullptr, append, nullptr), writer.get());
  for (const ArtifactFile& file : artifact_files(runs, options)) add(writer.get(), file);
  require(::archive_write_close(writer.get()), writer.get());
}

}  // namespace evalzip
