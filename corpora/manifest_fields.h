// The fields that manifests of corpora and of models share.
#pragma once

#include "corpora/json_fields.h"
#include "corpora/manifest.h"

namespace evalzip {

// Reads `key`, the version of the format, and refuses any but `version`. Throws CorpusError
// (usage), as all of these do.
void require_schema(JsonFields& top, const std::string& key, std::uint64_t version);

// name, title, origin, licence, citation, note.
void parse_heading(JsonFields& top, Manifest& manifest);

// files and documents, of either any number.
void parse_sources(JsonFields& top, Manifest& manifest);

}  // namespace evalzip
