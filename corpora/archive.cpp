#include "corpora/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "corpora/corpus.h"

namespace evalzip {
namespace {

struct ArchiveCloser {
  void operator()(::archive* handle) const { ::archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<::archive, ArchiveCloser>;

constexpr std::size_t kChunk = std::size_t{256} << 10;

// Filters are named one by one: "all" includes running programs found by the file's first bytes.
ArchiveHandle new_reader(bool has_members) {
  ArchiveHandle reader(::archive_read_new());
  ::archive_read_support_filter_gzip(reader.get());
  ::archive_read_support_filter_bzip2(reader.get());
  ::archive_read_support_filter_xz(reader.get());
  ::archive_read_support_filter_lzma(reader.get());
  ::archive_read_support_filter_zstd(reader.get());
  ::archive_read_support_filter_lz4(reader.get());
  if (has_members) {
    ::archive_read_support_format_tar(reader.get());
    ::archive_read_support_format_zip(reader.get());
  } else {
    ::archive_read_support_format_raw(reader.get());
    ::archive_read_support_format_empty(reader.get());
  }
  return reader;
}

std::string error_text(::archive* reader) {
  const char* text = ::archive_error_string(reader);
  return text != nullptr ? text : "not an archive or compressed file that evalzip knows";
}

// "./a" and "a" are the same member: tar writes the first when it was given a folder.
std::string_view member_name(::archive_entry* entry) {
  const char* stored = ::archive_entry_pathname(entry);
  std::string_view name = stored != nullptr ? stored : "";
  while (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

// Copies the current member into the cache.
void take_member(::archive* reader, const std::filesystem::path& archive_path, Extraction& one,
                 const DocumentCache& cache, Progress& progress) {
  const std::uint64_t size = one.expected.size;
  DocumentCache::Writer writer(cache, one.document, one.expected);
  ProgressStep step{.what = "unpacking " + one.document,
                    .source = archive_path.string(),
                    .total_bytes = size,
                    .bytes_per_second = {}};
  std::vector<std::byte> buffer(kChunk);
  while (step.done_bytes <= size) {
    std::size_t room = buffer.size();
    if (one.only_beginning) room = std::min<std::uint64_t>(room, size - step.done_bytes);
    if (room == 0) break;
    const ::la_ssize_t got = ::archive_read_data(reader, buffer.data(), room);
    if (got < 0) {
      one.why = error_text(reader);
      return;
    }
    if (got == 0) break;
    const auto count = static_cast<std::size_t>(got);
    writer.write({buffer.data(), count});
    step.done_bytes += count;
    advance(progress, step);
  }
  if (step.done_bytes > size) {
    one.why = fmt::format("expected {} bytes, found more", size);
    return;
  }
  one.result = writer.commit(one.why);
}

void read_members(::archive* reader, const std::filesystem::path& path,
                  std::vector<Extraction>& wanted, const DocumentCache& cache, Progress& progress) {
  std::size_t open = wanted.size();
  ::archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while (open > 0 && (status = ::archive_read_next_header(reader, &entry)) >= ARCHIVE_WARN) {
    if (status == ARCHIVE_EOF) break;
    for (Extraction& one : wanted) {
      if (one.result || !one.why.empty()) continue;
      if (one.member && *one.member != member_name(entry)) continue;
      take_member(reader, path, one, cache, progress);
      --open;
      break;
    }
  }
  for (Extraction& one : wanted) {
    if (one.result || !one.why.empty()) continue;
    if (!one.member && status == ARCHIVE_EOF) {  // no entry at all is how libarchive shows 0 bytes
      one.result = DocumentCache::Writer(cache, one.document, one.expected).commit(one.why);
      continue;
    }
    one.not_there = status >= ARCHIVE_WARN;
    one.why = one.not_there ? fmt::format("it has no member {}", *one.member) : error_text(reader);
  }
}

}  // namespace

void extract(const std::filesystem::path& archive, std::vector<Extraction>& wanted,
             const DocumentCache& cache, Progress& progress) {
  const bool has_members = std::any_of(
      wanted.begin(), wanted.end(), [](const Extraction& one) { return one.member.has_value(); });
  const ArchiveHandle reader = new_reader(has_members);
  if (::archive_read_open_filename(reader.get(), archive.c_str(), kChunk) != ARCHIVE_OK) {
    for (Extraction& one : wanted) one.why = error_text(reader.get());
    return;
  }
  read_members(reader.get(), archive, wanted, cache, progress);
}

}  // namespace evalzip
