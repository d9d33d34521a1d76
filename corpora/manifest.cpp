#include "corpora/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "corpora/corpus.h"
#include "corpora/file_names.h"
#include "corpora/json_fields.h"
#include "corpora/manifest_fields.h"
#include "corpora/posix_file.h"

namespace evalzip {
namespace {

constexpr const char* kSchemaKey = "evalzip_corpus";
constexpr std::uint64_t kSchemaVersion = 1;

// A name that becomes part of a path: it must stay inside the folder it is joined to.
void require_safe_name(const JsonFields& fields, const std::string& key, const std::string& name) {
  if (const auto why = unsafe_name(name)) {
    fields.refuse(key, in_quotes(name),
                  *why + "; write a plain relative name such as \"logs/app.log\"");
  }
}

std::string safe_name(JsonFields& fields, const std::string& key) {
  std::string name = fields.text(key);
  require_safe_name(fields, key, name);
  return name;
}

void require_corpus_name(const JsonFields& fields, const std::string& name) {
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") == std::string::npos;
  if (plain && name.front() != '.' && name.front() != '-') return;
  fields.refuse("name", in_quotes(name), "a name here has only a-z, 0-9, '-', '_' and '.'");
}

void require_address(const JsonFields& fields, const std::string& address) {
  const bool web = address.starts_with("https://") || address.starts_with("http://");
  const bool printable =
      std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (web && printable) return;
  fields.refuse("mirrors", in_quotes(address), "a mirror is an http:// or https:// address");
}

NpmPackage parse_npm(JsonFields fields) {
  const auto plain = [&](const char* key) {
    std::string text = fields.text(key);
    const std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789.-_@/+";
    if (text.find_first_not_of(letters) != std::string::npos) {
      fields.refuse(key, in_quotes(text), "npm's names and versions have only a-z, 0-9 and .-_@/+");
    }
    require_safe_name(fields, key, text);
    return text;
  };
  NpmPackage package{.name = plain("package"), .version = plain("version")};
  fields.close();
  return package;
}

ManifestFile parse_file(JsonFields fields) {
  ManifestFile file;
  file.name = safe_name(fields, "name");
  file.aliases = fields.optional_texts("aliases");
  for (const std::string& alias : file.aliases) require_safe_name(fields, "aliases", alias);
  file.size = fields.optional_whole_number("size");
  file.sha256 = fields.optional_hash("sha256", 64);
  file.mirrors = fields.optional_texts("mirrors");
  for (const std::string& address : file.mirrors) require_address(fields, address);
  if (auto npm = fields.optional_object("npm")) file.npm = parse_npm(*npm);
  fields.close();
  return file;
}

DocumentSource parse_source(JsonFields fields, const Manifest& manifest) {
  DocumentSource source;
  source.file = safe_name(fields, "file");
  if (manifest.find_file(source.file) == nullptr) {
    fields.refuse("file", in_quotes(source.file), "no entry of \"files\" has that name; add one");
  }
  source.member = fields.optional_text("member");
  if (source.member) require_safe_name(fields, "member", *source.member);
  fields.close();
  return source;
}

KnownPrefix parse_prefix(JsonFields fields) {
  KnownPrefix prefix{.name = safe_name(fields, "name"), .size = fields.whole_number("size")};
  fields.close();
  return prefix;
}

PrefixOf parse_prefix_of(JsonFields fields) {
  PrefixOf whole{.corpus = safe_name(fields, "corpus"), .document = safe_name(fields, "document")};
  fields.close();
  return whole;
}

ByteIdentity parse_identity(JsonFields& fields) {
  ByteIdentity identity{.size = fields.whole_number("size"),
                        .sha256 = fields.optional_hash("sha256", 64),
                        .sha1 = fields.optional_hash("sha1", 40),
                        .md5 = fields.optional_hash("md5", 32)};
  if (!identity.sha256 && !identity.sha1 && !identity.md5) {
    fields.refuse("sha256", "missing",
                  "without a hash nobody can tell the right bytes from others: "
                  "write what sha256sum prints (sha1 and md5 also do)");
  }
  return identity;
}

ManifestDocument parse_document(JsonFields fields, const Manifest& manifest) {
  ManifestDocument document;
  document.name = safe_name(fields, "name");
  document.identity = parse_identity(fields);
  for (JsonFields& one : fields.objects("sources")) {
    document.sources.push_back(parse_source(one, manifest));
  }
  for (JsonFields& one : fields.objects("prefixes")) document.prefixes.push_back(parse_prefix(one));
  if (auto whole = fields.optional_object("prefix_of"))
    document.prefix_of = parse_prefix_of(*whole);
  document.generator = fields.optional_text("generator");
  if (manifest.find_document(document.name) != nullptr) {
    fields.refuse("name", in_quotes(document.name),
                  "another document has that name; choose another");
  }
  fields.close();
  return document;
}

}  // namespace

const ManifestFile* Manifest::find_file(std::string_view file_name) const {
  for (const ManifestFile& file : files) {
    if (file.name == file_name) return &file;
  }
  return nullptr;
}

const ManifestDocument* Manifest::find_document(std::string_view document_name) const {
  for (const ManifestDocument& document : documents) {
    if (document.name == document_name) return &document;
  }
  return nullptr;
}

void require_schema(JsonFields& top, const std::string& key, std::uint64_t version) {
  const std::uint64_t found = top.whole_number(key);
  if (found == version) return;
  top.refuse(key, std::to_string(found),
             fmt::format("this evalzip reads version {}; use a newer evalzip", version));
}

void parse_heading(JsonFields& top, Manifest& manifest) {
  manifest.name = top.text("name");
  require_corpus_name(top, manifest.name);
  manifest.title = top.text("title");
  manifest.origin = top.text("origin");
  manifest.licence = top.text("licence");
  manifest.citation = top.optional_text("citation").value_or("");
  manifest.note = top.optional_text("note").value_or("");
}

void parse_sources(JsonFields& top, Manifest& manifest) {
  for (JsonFields& one : top.objects("files")) {
    ManifestFile file = parse_file(one);
    if (manifest.find_file(file.name) != nullptr) {
      one.refuse("name", in_quotes(file.name), "another file has that name; choose another");
    }
    manifest.files.push_back(std::move(file));
  }
  for (JsonFields& one : top.objects("documents")) {
    manifest.documents.push_back(parse_document(one, manifest));
  }
}

Manifest parse_manifest(std::string_view text, const std::filesystem::path& path) {
  const nlohmann::json content = parse_strict_json(text, path);
  JsonFields top(content, path, "");
  require_schema(top, kSchemaKey, kSchemaVersion);
  Manifest manifest;
  manifest.path = path;
  parse_heading(top, manifest);
  parse_sources(top, manifest);
  if (manifest.documents.empty()) {
    top.refuse("documents", "empty or missing", "a corpus has at least one document");
  }
  top.close();
  return manifest;
}

Manifest read_manifest(const std::filesystem::path& path) {
  return parse_manifest(read_text(path, kManifestLimit), path);
}

bool is_manifest(const std::filesystem::path& path) {
  if (path.extension() != ".json") return false;
  if (ReadableFile(path).size() > kManifestLimit) return false;
  const std::string text = read_text(path, kManifestLimit);
  if (text.find('"' + std::string(kSchemaKey) + '"') == std::string::npos) return false;
  const nlohmann::json content = nlohmann::json::parse(text, nullptr, false);
  return content.is_discarded() || (content.is_object() && content.contains(kSchemaKey));
}

}  // namespace evalzip
