#include "corpora/document_cache.h"

#include <fmt/format.h>

#include <system_error>

#include "corpora/corpus.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSha256Digits = 64;

}  // namespace

fs::path DocumentCache::document_path(const std::string& sha256) const {
  return root_ / "documents" / sha256.substr(0, 2) / sha256;
}

fs::path DocumentCache::index_path(const ByteIdentity& identity) const {
  return root_ / "index" / (identity.sha1 ? "sha1-" + *identity.sha1 : "md5-" + *identity.md5);
}

fs::path DocumentCache::lock_path(const std::string& corpus) const {
  return root_ / "locks" / corpus;
}

fs::path DocumentCache::download_folder(const std::string& corpus) const {
  return root_ / "downloads" / corpus;
}

std::optional<std::string> DocumentCache::address_of(const ByteIdentity& identity) const {
  if (identity.sha256) return identity.sha256;
  std::error_code error;
  if (!fs::is_regular_file(index_path(identity), error)) return std::nullopt;
  const std::string text = read_text(index_path(identity), kSha256Digits);
  const bool hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (text.size() != kSha256Digits || !hex) return std::nullopt;
  return text;
}

std::optional<fs::path> DocumentCache::locate(const ByteIdentity& identity) const {
  const auto address = address_of(identity);
  if (!address) return std::nullopt;
  std::error_code error;
  const fs::path path = document_path(*address);
  if (fs::file_size(path, error) != identity.size || error) return std::nullopt;
  return path;
}

std::optional<CachedDocument> DocumentCache::find(const ByteIdentity& identity, Progress& progress,
                                                  std::optional<Rejection>& rejected) const {
  const auto address = address_of(identity);
  if (!address) return std::nullopt;
  const fs::path path = document_path(*address);
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  ByteIdentity expected = identity;
  expected.sha256 = address;
  const SliceVerdict verdict =
      check_slice({.path = path, .offset = 0, .size = std::nullopt}, expected, progress);
  if (!verdict.mismatch) return CachedDocument{path, verdict.size, verdict.sha256};
  rejected = Rejection{.document = "", .path = path, .why = *verdict.mismatch};
  progress.note(fmt::format("{} in the cache is damaged ({}) and is thrown away", path.string(),
                            *verdict.mismatch));
  fs::remove(path, error);
  return std::nullopt;
}

DocumentCache::Writer::Writer(const DocumentCache& cache, const std::string& name,
                              const ByteIdentity& expected)
    : cache_(cache),
      expected_(expected),
      check_(expected),
      file_((make_cache_folder(cache.unfinished_folder()),
             require_free_space(cache.unfinished_folder(), expected.size, name),
             cache.unfinished_folder())) {}

void DocumentCache::Writer::write(std::span<const std::byte> bytes) {
  check_.update(bytes);
  written_ += bytes.size();
  // What is too long is wrong already; counting goes on, so that the message can say how long.
  if (written_ <= expected_.size) file_.write(bytes);
}

std::optional<CachedDocument> DocumentCache::Writer::commit(std::string& why) {
  check_.finish();
  if (const auto mismatch = check_.mismatch()) {
    why = *mismatch;
    return std::nullopt;
  }
  const fs::path target = cache_.document_path(check_.sha256());
  file_.commit(target);
  if (!expected_.sha256) {
    UnfinishedFile index(cache_.root_ / "index");
    index.write(std::as_bytes(std::span(check_.sha256())));
    index.commit(cache_.index_path(expected_));
  }
  return CachedDocument{target, check_.size(), check_.sha256()};
}

}  // namespace evalzip
