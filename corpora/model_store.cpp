#include "corpora/model_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "corpora/addresses.h"
#include "corpora/document_cache.h"
#include "corpora/fetch.h"
#include "corpora/manifest_corpus.h"
#include "corpora/posix_file.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

// Where the file of a model lies whose hash is not known and cannot be its address.
fs::path unverified_path(const ModelManifest& model, const CorpusPlaces& places) {
  return places.cache / "unverified" / model.name() / model.source.files.front().name;
}

// A file that is shipped with its manifest. Its size is compared, nothing is read.
std::optional<fs::path> shipped_file(const ModelManifest& model) {
  if (!model.identity) return std::nullopt;
  fs::path path = model.source.path.parent_path() / (model.name() + ".gguf");
  std::error_code error;
  if (fs::file_size(path, error) != model.identity->size || error) return std::nullopt;
  return path;
}

FoundModel from_documents(const FoundCorpus& found) {
  FoundModel result{.path = {}, .sha256 = {}, .why = {}, .wrong_bytes = !found.rejected.empty()};
  for (const MissingDocument& missing : found.corpus.missing) {
    result.why +=
        fmt::format("{}{}: {}", result.why.empty() ? "" : "; ", missing.name, missing.why);
  }
  if (!found.corpus.missing.empty()) return result;
  const Document& document = found.corpus.documents.front();
  result.path = document.path;
  result.size = document.size;
  result.sha256 = document.sha256;
  result.verified = true;
  return result;
}

// The file that is shipped, if its hash is the manifest's.
std::optional<FoundModel> verify_shipped(const ModelManifest& model, Progress& progress) {
  const auto path = shipped_file(model);
  if (!path) return std::nullopt;
  const SliceVerdict verdict =
      check_slice({.path = *path, .offset = 0, .size = {}}, *model.identity, progress);
  FoundModel found{.size = verdict.size, .sha256 = verdict.sha256, .why = {}};
  if (verdict.mismatch) {
    found.why = fmt::format("{}: {}", path->string(), *verdict.mismatch);
    found.wrong_bytes = true;
  } else {
    found.path = path;
    found.verified = true;
  }
  return found;
}

// The finished file beside its manifest, in the user's folders or the cache. It may be there
// although its parts are not.
FoundModel find_finished(const ModelManifest& model, CorpusPlaces places, Progress& progress) {
  if (const auto shipped = verify_shipped(model, progress)) return *shipped;
  Manifest finished = model.source;
  finished.files.clear();
  finished.documents = {{.name = model.name() + ".gguf",
                         .identity = *model.identity,
                         .sources = {},
                         .prefixes = {},
                         .prefix_of = {},
                         .generator = {}}};
  places.offline = true;
  return from_documents(find_documents(finished, places, progress));
}

void join(const std::vector<fs::path>& documents,
          const std::function<void(std::span<const std::byte>)>& sink, Progress& progress) {
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  for (const fs::path& path : documents) {
    const ReadableFile part(path);
    for (std::uint64_t done = 0; done < part.size();) {
      const std::size_t got = part.read_at(done, buffer);
      if (got == 0) break;
      sink({buffer.data(), got});
      done += got;
      advance(progress, {.what = "joining",
                         .source = path.string(),
                         .done_bytes = done,
                         .total_bytes = part.size(),
                         .bytes_per_second = {}});
    }
  }
}

// Documents in the cache are of no use once the model is made; the user's own are left alone.
void remove_cached(const std::vector<Document>& documents, const CorpusPlaces& places) {
  const DocumentCache cache(places.cache);
  for (const Document& document : documents) {
    const ByteIdentity identity{
        .size = document.size, .sha256 = document.sha256, .sha1 = {}, .md5 = {}};
    std::error_code ignored;
    if (cache.locate(identity) == document.path) fs::remove(document.path, ignored);
  }
}

FoundModel make(const ModelManifest& model, const std::vector<Document>& documents,
                const CorpusPlaces& places, const ModelConversion& conversion) {
  std::vector<fs::path> paths;
  for (const Document& document : documents) paths.push_back(document.path);
  const DocumentCache cache(places.cache);
  DocumentCache::Writer writer(cache, model.name(), *model.identity);
  conversion(paths, [&](std::span<const std::byte> bytes) { writer.write(bytes); });
  FoundModel made{.path = {}, .sha256 = {}, .why = {}};
  const auto cached = writer.commit(made.why);
  if (!cached) {
    made.wrong_bytes = true;
    made.why = fmt::format("its parts are right, but what was made of them is not: {}", made.why);
    return made;
  }
  remove_cached(documents, places);
  return {.path = cached->path,
          .size = cached->size,
          .sha256 = cached->sha256,
          .verified = true,
          .why = {}};
}

FoundModel identified(const fs::path& path, Progress& progress) {
  const SliceVerdict verdict = identify_slice({.path = path, .offset = 0, .size = {}}, progress);
  return {.path = path, .size = verdict.size, .sha256 = verdict.sha256, .why = {}};
}

FoundModel fetch_unverified(const ModelManifest& model, const CorpusPlaces& places,
                            Progress& progress) {
  const fs::path target = unverified_path(model, places);
  std::error_code error;
  if (fs::is_regular_file(target, error)) return identified(target, progress);
  const ManifestFile& file = model.source.files.front();
  const DocumentCache cache(places.cache);
  const FileLock lock(cache.lock_path("model-" + model.name()), progress);
  const Addresses addresses = addresses_of(file, places);
  const Download request{.name = file.name,
                         .mirrors = addresses.known,
                         .target = target,
                         .size = file.size,
                         .sha256 = {}};
  const auto failure = Fetcher(FetchLimits{}, progress).fetch(request, [](const fs::path&) {
    return std::optional<std::string>();
  });
  if (!failure) return identified(target, progress);
  return {.path = {},
          .sha256 = {},
          .why = reason_of_failure(addresses, failure->why),
          .wrong_bytes = failure->wrong_bytes};
}

}  // namespace

std::optional<fs::path> locate_model(const ModelManifest& model, const CorpusPlaces& places) {
  if (const auto shipped = shipped_file(model)) return shipped;
  if (model.identity) return DocumentCache(places.cache).locate(*model.identity);
  const fs::path path = unverified_path(model, places);
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  return path;
}

FoundModel fetch_model(const ModelManifest& model, const CorpusPlaces& places,
                       const ModelConversion& llama2c, Progress& progress) {
  if (!model.identity) return fetch_unverified(model, places, progress);
  FoundModel finished = find_finished(model, places, progress);
  if (finished.path) return finished;
  CorpusPlaces online = places;
  online.offline = false;
  const FoundCorpus parts = find_documents(model.source, online, progress);
  if (model.recipe == ModelRecipe::as_is || !parts.corpus.missing.empty()) {
    return from_documents(parts);
  }
  const ModelConversion joining = [&](const auto& documents, const auto& sink) {
    join(documents, sink, progress);
  };
  const bool joined = model.recipe == ModelRecipe::join;
  return make(model, parts.corpus.documents, places, joined ? joining : llama2c);
}

FoundModel verify_model(const ModelManifest& model, const CorpusPlaces& places,
                        Progress& progress) {
  if (model.identity) return find_finished(model, places, progress);
  const auto path = locate_model(model, places);
  if (path) return identified(*path, progress);
  return {.path = {}, .sha256 = {}, .why = "it was not fetched yet"};
}

}  // namespace evalzip
