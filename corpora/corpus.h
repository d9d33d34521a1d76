// What is compressed: corpora of documents, each a slice of a readable file with known SHA-256.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace evalzip {

// A corpus cannot be had as asked. The message says what was asked, what was found, what to do.
class CorpusError : public std::runtime_error {
 public:
  enum class Kind {
    usage,       // no such corpus, malformed manifest, unreadable file
    integrity,   // size or hash differ from the manifest's
    environment  // disk full, cache not writable
  };
  CorpusError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

// What the bytes of a document are, where that is known: numbers of a format, by its name among
// those of codecs, in rows of `columns` numbers (0: the rows are not known).
struct NumberFacts {
  std::string format;
  std::uint64_t columns = 0;
};

// Raw bytes that are at hand: `size` bytes at `offset` of the file at `path`.
struct Document {
  std::string name;  // unique in its corpus: "dickens", "logs/app.log"
  std::filesystem::path path;
  std::uint64_t offset = 0, size = 0;
  std::string sha256;  // of the slice, lower-case hex
  // Entropy in bits of the source that generated the document, where it is known exactly
  // (synthetic sources only): the expected code length under the true distribution.
  std::optional<double> true_entropy_bits;
  std::optional<NumberFacts> numbers = {};
};

// A document that the corpus should have and that could not be had.
struct MissingDocument {
  std::string name;
  std::string why;
  std::optional<std::uint64_t> size;  // as the manifest states it
};

struct Corpus {
  std::string name, title, origin, licence;
  std::vector<Document> documents;       // in the manifest's order; files in name order
  std::vector<MissingDocument> missing;  // in the manifest's order
  std::string citation;                  // what a paper should cite; empty for files of the user
};

}  // namespace evalzip
