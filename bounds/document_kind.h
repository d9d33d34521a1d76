// What kind of data a document is, by its first bytes and its statistics.
#pragma once

#include <string_view>

#include "codecs/codec.h"

namespace evalzip {

struct DocumentKind {
  // "empty", "constant", "zstd", "gzip", "ELF executable", "JSON", "XML or HTML", "ASCII text",
  // "UTF-8 text", "random, compressed or encrypted", "binary", ...
  std::string_view name;
  std::string_view evidence;  // what says so, in a few words
};

DocumentKind document_kind(Bytes document);

}  // namespace evalzip
