#include "corpora/open_corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "corpora/catalogue.h"
#include "corpora/file_corpus.h"
#include "corpora/file_names.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_unknown(const std::string& name, const CorpusPlaces& places) {
  Progress silent;
  std::vector<std::string> known;
  for (const Manifest& manifest : read_all_manifests(places, silent))
    known.push_back(manifest.name);
  throw CorpusError(CorpusError::Kind::usage,
                    fmt::format("there is no corpus, file or folder {} (corpora: {}); write one of "
                                "these names, a path, or a pattern in quotes",
                                in_quotes(name), fmt::join(known, ", ")));
}

// A manifest by name, or the user's own by path. A user's documents may lie beside their manifest.
std::optional<Manifest> manifest_called(const std::string& name, CorpusPlaces& places) {
  if (auto manifest = find_manifest(name, places)) return manifest;
  std::error_code error;
  if (!fs::is_regular_file(name, error) || !is_manifest(name)) return std::nullopt;
  places.search.insert(places.search.begin(), fs::absolute(name).parent_path());
  return read_manifest(name);
}

Corpus open_path(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (fs::is_directory(status)) return corpus_of_folder(name, progress);
  if (fs::exists(status)) return corpus_of_file(name, progress);
  if (is_pattern(name)) return corpus_of_pattern(name, progress);
  throw_unknown(name, places);
}

FoundCorpus find_named(const std::string& name, CorpusPlaces places, Progress& progress) {
  const std::optional<Manifest> manifest = manifest_called(name, places);
  if (manifest) return find_documents(*manifest, places, progress);
  throw_unknown(name, places);
}

// Copies a document into the cache, where it is a whole file.
void make_whole(Document& document, const DocumentCache& cache, Progress& progress) {
  const ByteIdentity identity{
      .size = document.size, .sha256 = document.sha256, .sha1 = {}, .md5 = {}};
  std::optional<Rejection> damaged;
  std::optional<CachedDocument> copy = cache.find(identity, progress, damaged);
  if (!copy) {
    const ReadableFile source(document.path);
    DocumentCache::Writer writer(cache, document.name, identity);
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (std::uint64_t done = 0; done < document.size;) {
      const std::size_t want = std::min<std::uint64_t>(buffer.size(), document.size - done);
      const std::size_t got = source.read_at(document.offset + done, {buffer.data(), want});
      if (got == 0) break;
      writer.write({buffer.data(), got});
      done += got;
    }
    std::string why;
    copy = writer.commit(why);
    if (!copy) {
      throw CorpusError(
          CorpusError::Kind::integrity,
          fmt::format("{} changed while it was read: {}; try again", document.path.string(), why));
    }
  }
  document.path = copy->path;
  document.offset = 0;
}

}  // namespace

Corpus open_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  CorpusPlaces widened = places;
  if (const auto manifest = manifest_called(name, widened)) {
    return find_documents(*manifest, widened, progress).corpus;
  }
  return open_path(name, places, progress);
}

std::vector<CorpusSummary> list_corpora(const CorpusPlaces& places, Progress& progress) {
  const DocumentCache cache(places.cache);
  std::vector<CorpusSummary> summaries;
  for (const Manifest& manifest : read_all_manifests(places, progress)) {
    CorpusSummary summary{.name = manifest.name, .title = manifest.title};
    for (const ManifestDocument& document : manifest.documents) {
      ++summary.documents;
      summary.total_bytes += document.identity.size;
      if (cache.locate(document.identity)) ++summary.cached;
    }
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

Manifest corpus_info(const std::string& name, const CorpusPlaces& places) {
  CorpusPlaces widened = places;
  if (auto manifest = manifest_called(name, widened)) return std::move(*manifest);
  throw_unknown(name, places);
}

FoundCorpus fetch_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  CorpusPlaces online = places;
  online.offline = false;
  return find_named(name, online, progress);
}

FoundCorpus verify_corpus(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  CorpusPlaces offline = places;
  offline.offline = true;
  return find_named(name, offline, progress);
}

Corpus corpus_as_files(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  CorpusPlaces offline = places;
  offline.offline = true;
  Corpus corpus = open_corpus(name, offline, progress);
  const DocumentCache cache(places.cache);
  for (Document& document : corpus.documents) {
    std::error_code error;
    const bool whole = document.offset == 0 && fs::file_size(document.path, error) == document.size;
    if (!whole || error) make_whole(document, cache, progress);
  }
  return corpus;
}

}  // namespace evalzip
