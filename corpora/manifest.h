// A manifest: the JSON file that says what a corpus is and where its bytes may come from.
// The format is described in docs/corpora.md and in manifest.schema.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/identity.h"

namespace evalzip {

// A published version of a package of npm.
struct NpmPackage {
  std::string name, version;
};

// A file that holds documents: an archive, one compressed document, or a plain one.
struct ManifestFile {
  std::string name;                  // its name on the mirrors: "silesia.zip"
  std::vector<std::string> aliases;  // other names it may have in a search folder
  std::optional<std::uint64_t> size;
  std::optional<std::string> sha256;
  std::vector<std::string> mirrors;  // http and https addresses, the preferred one first
  std::optional<NpmPackage> npm;     // the file is this package's archive
};

struct DocumentSource {
  std::string file;                   // a ManifestFile's name
  std::optional<std::string> member;  // its exact name in the archive; absent: not an archive
};

// A file of which the first `size` bytes are the first bytes of a document.
struct KnownPrefix {
  std::string name;
  std::uint64_t size = 0;
};

// "The first bytes of that document of that corpus."
struct PrefixOf {
  std::string corpus, document;
};

struct ManifestDocument {
  std::string name;
  ByteIdentity identity;                // size, and at least one hash
  std::vector<DocumentSource> sources;  // in the order they are tried
  std::vector<KnownPrefix> prefixes;
  std::optional<PrefixOf> prefix_of;
  std::optional<std::string> generator;  // a name of corpora/generators.h
};

struct Manifest {
  std::string name, title, origin, licence, citation, note;
  std::vector<ManifestFile> files;
  std::vector<ManifestDocument> documents;
  std::filesystem::path path;  // where the manifest was read

  const ManifestFile* find_file(std::string_view file_name) const;
  const ManifestDocument* find_document(std::string_view document_name) const;
};

// Largest manifest that is read, in bytes.
inline constexpr std::size_t kManifestLimit = std::size_t{16} << 20;

// Throws CorpusError (usage) whose message names the file, the field, what was found there, and
// what to write instead.
Manifest parse_manifest(std::string_view text, const std::filesystem::path& path);

Manifest read_manifest(const std::filesystem::path& path);

// Whether the file is meant as a manifest: a .json file whose top level has "evalzip_corpus", or
// one that has that word and is not valid JSON (so that its mistake is reported, not measured).
bool is_manifest(const std::filesystem::path& path);

}  // namespace evalzip
