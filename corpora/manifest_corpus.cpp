#include "corpora/manifest_corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "corpora/addresses.h"
#include "corpora/archive.h"
#include "corpora/fetch.h"
#include "corpora/file_names.h"
#include "corpora/generators.h"
#include "corpora/search_folders.h"
#include "corpora/true_entropy.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

// A document of another corpus that begins with the wanted one.
struct Whole {
  Manifest manifest;  // with that document alone
  const ManifestDocument& document() const { return manifest.documents.front(); }
};

struct Pending {
  const ManifestDocument* wanted;
  std::vector<Whole> wholes;  // the nearest first
  std::optional<Document> found = {};
  std::vector<std::string> reasons = {};
};

class DocumentFinder {
 public:
  DocumentFinder(const Manifest& manifest, const CorpusPlaces& places, Progress& progress)
      : manifest_(manifest),
        places_(places),
        progress_(progress),
        cache_(places.cache),
        search_(places.search, progress) {
    for (const ManifestDocument& document : manifest.documents) {
      pending_.push_back({.wanted = &document, .wholes = wholes_of(document)});
    }
  }

  FoundCorpus run() {
    for (Pending& one : pending_) {
      if (!from_plain_file(one)) from_cache(one);
    }
    if (anything_missing()) unpack_or_download();
    return result();
  }

 private:
  std::vector<Whole> wholes_of(const ManifestDocument& document);
  bool from_plain_file(Pending& one);
  bool from_cache(Pending& one);
  void unpack_or_download();
  void generate(Pending& one);
  void from_compressed_file(Pending& one);
  void from_archives();
  void from_archive(const fs::path& path, const ManifestFile& file);
  void from_archives_of(Pending& one, const Whole& whole);
  void from_downloads(Pending& one);
  void download(const ManifestFile& file);
  void from_whole(Pending& one, const Whole& whole);

  bool try_slice(Pending& one, const fs::path& path, bool only_beginning);
  void try_extraction(const fs::path& archive, std::vector<Extraction>& wanted);
  std::vector<Extraction> wanted_from(const std::string& file) const;
  Pending* pending_called(const std::string& name);
  void accept(Pending& one, const CachedDocument& cached);
  void reject(Pending& one, const fs::path& path, const std::string& why);
  bool anything_missing() const;
  FoundCorpus result();

  const Manifest& manifest_;
  const CorpusPlaces& places_;
  Progress& progress_;
  DocumentCache cache_;
  SearchFolders search_;
  Fetcher fetcher_{FetchLimits{}, progress_};
  std::vector<Pending> pending_;
  std::vector<Rejection> rejected_;
  std::set<std::string> downloaded_;  // files that were tried, with whatever luck
};

// Follows prefix_of from manifest to manifest. The limit ends a circle of manifests.
std::vector<Whole> DocumentFinder::wholes_of(const ManifestDocument& document) {
  constexpr std::size_t kLongestChain = 8;
  std::vector<Whole> wholes;
  std::optional<PrefixOf> next = document.prefix_of;
  while (next && wholes.size() < kLongestChain) {
    auto other = find_manifest(next->corpus, places_);
    const ManifestDocument* whole = other ? other->find_document(next->document) : nullptr;
    if (whole == nullptr) {
      throw CorpusError(CorpusError::Kind::usage,
                        fmt::format("{}: the document {} is a prefix of the document {} of the "
                                    "corpus {}, and there is no such; correct prefix_of",
                                    manifest_.path.string(), in_quotes(document.name),
                                    in_quotes(next->document), in_quotes(next->corpus)));
    }
    next = whole->prefix_of;
    other->documents = {*whole};
    wholes.push_back({std::move(*other)});
  }
  return wholes;
}

void DocumentFinder::reject(Pending& one, const fs::path& path, const std::string& why) {
  rejected_.push_back({.document = one.wanted->name, .path = path, .why = why});
  one.reasons.push_back(fmt::format("{}: {}", path.string(), why));
  progress_.note(fmt::format("{} is not used for {}: {}", path.string(), one.wanted->name, why));
}

void DocumentFinder::accept(Pending& one, const CachedDocument& cached) {
  one.found = Document{.name = one.wanted->name,
                       .path = cached.path,
                       .offset = 0,
                       .size = cached.size,
                       .sha256 = cached.sha256,
                       .true_entropy_bits = {}};
}

bool DocumentFinder::try_slice(Pending& one, const fs::path& path, bool only_beginning) {
  const std::uint64_t size = one.wanted->identity.size;
  std::error_code error;
  const std::uint64_t found = fs::file_size(path, error);
  try {
    if (!error && (only_beginning ? found < size : found != size)) {
      reject(one, path, fmt::format("expected {} bytes, found {}", size, found));
      return false;
    }
    const SliceVerdict verdict =
        check_slice({.path = path, .offset = 0, .size = size}, one.wanted->identity, progress_);
    if (!verdict.mismatch) {
      accept(one, {.path = path, .size = size, .sha256 = verdict.sha256});
      return true;
    }
    reject(one, path, *verdict.mismatch);
  } catch (const CorpusError& unreadable) {
    one.reasons.push_back(unreadable.what());
  }
  return false;
}

bool DocumentFinder::from_plain_file(Pending& one) {
  for (const fs::path& path : search_.find(one.wanted->name, manifest_.name)) {
    if (try_slice(one, path, false)) return true;
  }
  for (const Whole& whole : one.wholes) {
    for (const KnownPrefix& prefix : whole.document().prefixes) {
      if (prefix.size < one.wanted->identity.size || prefix.name == one.wanted->name) continue;
      for (const fs::path& path : search_.find(prefix.name, whole.manifest.name)) {
        if (try_slice(one, path, true)) return true;
      }
    }
    for (const fs::path& path : search_.find(whole.document().name, whole.manifest.name)) {
      if (try_slice(one, path, true)) return true;
    }
  }
  return false;
}

bool DocumentFinder::from_cache(Pending& one) {
  std::optional<Rejection> damaged;
  if (const auto cached = cache_.find(one.wanted->identity, progress_, damaged)) {
    accept(one, *cached);
    return true;
  }
  if (damaged) {
    damaged->document = one.wanted->name;
    rejected_.push_back(*damaged);
    one.reasons.push_back("its copy in the cache was damaged: " + damaged->why);
  }
  for (const Whole& whole : one.wholes) {
    const auto path = cache_.locate(whole.document().identity);
    if (path && try_slice(one, *path, true)) return true;
  }
  return false;
}

void DocumentFinder::unpack_or_download() {
  const FileLock lock(cache_.lock_path(manifest_.name), progress_);
  remove_abandoned_files(cache_.unfinished_folder());
  for (Pending& one : pending_) {  // another process may have been at work while we waited
    if (one.found || from_cache(one)) continue;
    if (one.wanted->generator) generate(one);
    from_compressed_file(one);
  }
  from_archives();
  for (Pending& one : pending_) {
    for (const Whole& whole : one.wholes) from_archives_of(one, whole);
  }
  for (Pending& one : pending_) {
    if (!one.found && !places_.offline) from_downloads(one);
  }
}

void DocumentFinder::generate(Pending& one) {
  for (const Generator& generator : all_generators()) {
    if (generator.name != *one.wanted->generator) continue;
    const ByteIdentity& identity = one.wanted->identity;
    DocumentCache::Writer writer(cache_, one.wanted->name, identity);
    writer.write(generator.generate(identity.size));
    std::string why;
    if (const auto cached = writer.commit(why)) {
      accept(one, *cached);
    } else {
      one.reasons.push_back(
          fmt::format("the generator {} made other bytes: {}", generator.name, why));
    }
    return;
  }
  one.reasons.push_back(fmt::format("there is no generator {}", in_quotes(*one.wanted->generator)));
}

void DocumentFinder::try_extraction(const fs::path& archive, std::vector<Extraction>& wanted) {
  if (wanted.empty()) return;
  extract(archive, wanted, cache_, progress_);
  for (const Extraction& one : wanted) {
    Pending& pending = *pending_called(one.document);
    if (one.result) {
      accept(pending, *one.result);
    } else if (one.not_there) {
      pending.reasons.push_back(fmt::format("{}: {}", archive.string(), one.why));
    } else {
      reject(pending, archive, one.why);
    }
  }
}

void DocumentFinder::from_compressed_file(Pending& one) {
  const auto attempt = [&](const std::vector<fs::path>& paths, bool only_beginning) {
    for (const fs::path& path : paths) {
      if (one.found) return;
      std::vector<Extraction> wanted{{.document = one.wanted->name,
                                      .member = std::nullopt,
                                      .expected = one.wanted->identity,
                                      .only_beginning = only_beginning}};
      try_extraction(path, wanted);
    }
  };
  attempt(search_.find_compressed(one.wanted->name, manifest_.name), false);
  for (const Whole& whole : one.wholes) {
    for (const KnownPrefix& prefix : whole.document().prefixes) {
      if (prefix.size < one.wanted->identity.size || prefix.name == one.wanted->name) continue;
      attempt(search_.find_compressed(prefix.name, whole.manifest.name), true);
    }
    attempt(search_.find_compressed(whole.document().name, whole.manifest.name), true);
  }
}

std::vector<Extraction> DocumentFinder::wanted_from(const std::string& file) const {
  std::vector<Extraction> wanted;
  for (const Pending& one : pending_) {
    if (one.found) continue;
    for (const DocumentSource& source : one.wanted->sources) {
      if (source.file != file) continue;
      wanted.push_back({.document = one.wanted->name,
                        .member = source.member,
                        .expected = one.wanted->identity});
      break;
    }
  }
  return wanted;
}

void DocumentFinder::from_archives() {
  for (const ManifestFile& file : manifest_.files) {
    std::vector<std::string> names{file.name};
    names.insert(names.end(), file.aliases.begin(), file.aliases.end());
    for (const std::string& name : names) {
      for (const fs::path& path : search_.find(name, manifest_.name)) from_archive(path, file);
    }
  }
}

void DocumentFinder::from_archive(const fs::path& path, const ManifestFile& file) {
  std::vector<Extraction> wanted = wanted_from(file.name);
  std::erase_if(wanted, [](const Extraction& one) { return !one.member; });
  try_extraction(path, wanted);
}

void DocumentFinder::from_archives_of(Pending& one, const Whole& whole) {
  for (const DocumentSource& source : whole.document().sources) {
    for (const fs::path& path : search_.find(source.file, whole.manifest.name)) {
      if (one.found) return;
      std::vector<Extraction> wanted{{.document = one.wanted->name,
                                      .member = source.member,
                                      .expected = one.wanted->identity,
                                      .only_beginning = true}};
      try_extraction(path, wanted);
    }
  }
}

void DocumentFinder::from_downloads(Pending& one) {
  for (const DocumentSource& source : one.wanted->sources) {
    if (one.found) return;
    if (downloaded_.insert(source.file).second) download(*manifest_.find_file(source.file));
  }
  if (one.found || !one.wanted->sources.empty()) return;
  for (const Whole& whole : one.wholes) {
    if (!whole.document().sources.empty()) return from_whole(one, whole);
  }
}

void DocumentFinder::download(const ManifestFile& file) {
  std::vector<Extraction> wanted = wanted_from(file.name);
  const Addresses addresses = addresses_of(file, places_);
  const Download request{.name = file.name,
                         .mirrors = addresses.known,
                         .target = cache_.download_folder(manifest_.name) / file.name,
                         .size = file.size,
                         .sha256 = file.sha256};
  const Acceptance unpack = [&](const fs::path& archive) -> std::optional<std::string> {
    for (Extraction& one : wanted) one.why.clear();
    std::vector<Extraction> open;
    for (const Extraction& one : wanted) {
      if (!pending_called(one.document)->found) open.push_back(one);
    }
    try_extraction(archive, open);
    for (const Extraction& one : open) {
      if (!one.result) return fmt::format("{} in it: {}", one.document, one.why);
    }
    return std::nullopt;
  };
  if (const auto failure = fetcher_.fetch(request, unpack)) {
    for (const Extraction& one : wanted) {
      Pending& pending = *pending_called(one.document);
      if (failure->wrong_bytes) rejected_.push_back({one.document, request.target, failure->why});
      pending.reasons.push_back(reason_of_failure(addresses, failure->why));
    }
  }
  std::error_code ignored;  // its documents are in the cache; nobody needs it any more
  fs::remove(request.target, ignored);
}

void DocumentFinder::from_whole(Pending& one, const Whole& whole) {
  Manifest manifest = whole.manifest;
  manifest.documents.front().prefix_of.reset();  // a circle of prefixes would wait for its own lock
  FoundCorpus found = find_documents(manifest, places_, progress_);
  rejected_.insert(rejected_.end(), found.rejected.begin(), found.rejected.end());
  for (const MissingDocument& missing : found.corpus.missing) one.reasons.push_back(missing.why);
  for (const Document& document : found.corpus.documents) try_slice(one, document.path, true);
}

Pending* DocumentFinder::pending_called(const std::string& name) {
  const auto found = std::find_if(pending_.begin(), pending_.end(),
                                  [&](const Pending& one) { return one.wanted->name == name; });
  return &*found;
}

bool DocumentFinder::anything_missing() const {
  return std::any_of(pending_.begin(), pending_.end(),
                     [](const Pending& one) { return !one.found; });
}

FoundCorpus DocumentFinder::result() {
  FoundCorpus found;
  found.corpus = {.name = manifest_.name,
                  .title = manifest_.title,
                  .origin = manifest_.origin,
                  .licence = manifest_.licence,
                  .documents = {},
                  .missing = {},
                  .citation = manifest_.citation};
  found.rejected = std::move(rejected_);
  for (Pending& one : pending_) {
    if (one.found) {
      found.corpus.documents.push_back(std::move(*one.found));
      continue;
    }
    std::string why = fmt::format("{}", fmt::join(one.reasons, "; "));
    if (why.empty()) {
      why = search_.described().empty() ? "not in the cache"
                                        : "neither in " + search_.described() + " nor in the cache";
    }
    if (places_.offline) why += "; downloads are off";
    found.corpus.missing.push_back(
        {.name = one.wanted->name, .why = why, .size = one.wanted->identity.size});
  }
  return found;
}

}  // namespace

FoundCorpus find_documents(const Manifest& manifest, const CorpusPlaces& places,
                           Progress& progress) {
  FoundCorpus found = DocumentFinder(manifest, places, progress).run();
  add_true_entropies(manifest, found.corpus);
  return found;
}

}  // namespace evalzip
