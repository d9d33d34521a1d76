// Taking documents out of archives (zip, tar) and compressed files (gz, bz2, xz, zst, lz4).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "corpora/document_cache.h"

namespace evalzip {

// One document wanted from an archive, and what became of it.
struct Extraction {
  std::string document;               // for messages
  std::optional<std::string> member;  // exact name; absent: the file is not an archive but the
                                      // document itself, compressed or plain
  ByteIdentity expected;
  bool only_beginning = false;  // the document is the first expected.size bytes of what is there

  std::optional<CachedDocument> result = {};
  std::string why = {};    // why there is no result
  bool not_there = false;  // the archive is readable and has no such member
};

// Reads the archive once and puts each document that is there, and right, into the cache. An
// unreadable archive is a reason in `why`. At most expected.size + 1 MiB are unpacked of each, so a
// decompression bomb costs nothing. Throws Cancelled, CorpusError (environment).
void extract(const std::filesystem::path& archive, std::vector<Extraction>& wanted,
             const DocumentCache& cache, Progress& progress);

}  // namespace evalzip
