#include "bounds/document_kind.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "bounds/byte_counts.h"
#include "bounds/randomness.h"
#include "bounds/symbol_entropy.h"

namespace evalzip {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

// As the formats' specifications state them.
constexpr Signature kSignatures[] = {
    {0, "\x28\xb5\x2f\xfd"sv, "zstd"},
    {0, "\x1f\x8b"sv, "gzip"},
    {0, "\xfd\x37zXZ\0"sv, "xz"},
    {0, "BZh"sv, "bzip2"},
    {0, "\x04\x22\x4d\x18"sv, "lz4"},
    {0, "LZIP"sv, "lzip"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "7z archive"},
    {0, "PK\3\4"sv, "zip archive"},
    {0, "\x89PNG\r\n\x1a\n"sv, "PNG image"},
    {0, "\xff\xd8\xff"sv, "JPEG image"},
    {0, "GIF8"sv, "GIF image"},
    {8, "WEBP"sv, "WebP image"},
    {0, "OggS"sv, "Ogg media"},
    {0, "fLaC"sv, "FLAC audio"},
    {8, "WAVE"sv, "WAV audio"},
    {4, "ftyp"sv, "MP4 media"},
    {0, "%PDF-"sv, "PDF"},
    {0, "\x7f\x45LF"sv, "ELF executable"},
    {0, "MZ"sv, "Windows executable"},
    {0, "\xcf\xfa\xed\xfe"sv, "Mach-O executable"},
    {0, "GGUF"sv, "GGUF model"},
    {0, "\x93NUMPY"sv, "NumPy array"},
    {0, "SQLite format 3\0"sv, "SQLite database"},
    {257, "ustar"sv, "tar archive"},
};

std::optional<std::string_view> by_signature(std::string_view text) {
  for (const Signature& known : kSignatures) {
    if (text.size() > known.offset && text.substr(known.offset).starts_with(known.bytes)) {
      return known.name;
    }
  }
  return std::nullopt;
}

bool is_text_byte(std::size_t byte) {
  return (byte >= 0x20 && byte != 0x7f) || (byte >= '\t' && byte <= '\r');
}

// Old texts end with a control-Z or hold a form feed of some printer.
bool is_text(const ByteCounts& counts, std::size_t size) {
  constexpr std::size_t kMostControls = 1000;  // one in so many
  std::uint64_t controls = 0;
  for (std::size_t byte = 0; byte < 0x80; ++byte) {
    if (!is_text_byte(byte)) controls += counts[byte];
  }
  return counts[0] == 0 && controls <= size / kMostControls;
}

// Markup and JSON by how they begin and what is frequent in them.
std::optional<DocumentKind> by_syntax(std::string_view text, const ByteCounts& counts) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return std::nullopt;
  const auto per_mille = [&](char byte) {
    return 1000 * counts[static_cast<unsigned char>(byte)] / text.size();
  };
  const bool opens = text[start] == '{' || text[start] == '[';
  if (opens && per_mille('"') >= 5 && per_mille(':') + per_mille(',') >= 5) {
    return DocumentKind{"JSON", "a brace or bracket first, many quotes, colons, commas"};
  }
  if (text[start] == '<' && per_mille('<') >= 2 && per_mille('>') >= 2) {
    return DocumentKind{"XML or HTML", "a tag first, many angle brackets"};
  }
  return std::nullopt;
}

bool looks_random(Bytes document) {
  constexpr std::size_t kEnough = 4096;  // 16 of each byte
  constexpr double kRare = 1e-6;
  const auto test = randomness(document);
  return document.size() >= kEnough && test->chi_square_exceeded > kRare &&
         test->serial_correlation &&
         *test->serial_correlation * *test->serial_correlation *
                 static_cast<double>(document.size()) <
             25;
}

}  // namespace

DocumentKind document_kind(Bytes document) {
  if (document.empty()) return {"empty", "no bytes"};
  const ByteCounts counts = byte_counts(document);
  if (std::count(counts.begin(), counts.end(), 0) == 255) return {"constant", "one byte value"};
  const std::string_view text(reinterpret_cast<const char*>(document.data()), document.size());
  if (const auto name = by_signature(text)) return {*name, "its first bytes"};
  if (is_text(counts, document.size())) {
    const bool ascii =
        std::all_of(counts.begin() + 0x80, counts.end(), [](auto n) { return n == 0; });
    if (ascii || character_entropy(document)) {
      if (const auto kind = by_syntax(text, counts)) return *kind;
      if (ascii) return {"ASCII text", "printable bytes below 128"};
      return {"UTF-8 text", "valid UTF-8, hardly a control character"};
    }
    return {"text in an 8-bit encoding", "hardly a control character, not UTF-8"};
  }
  if (looks_random(document)) {
    return {"random, compressed or encrypted", "bytes equally likely, neighbours uncorrelated"};
  }
  return {"binary", "many control characters, unequal bytes"};
}

}  // namespace evalzip
