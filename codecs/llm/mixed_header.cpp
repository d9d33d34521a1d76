#include "codecs/llm/mixed_header.h"

#include <algorithm>

#include "codecs/cm_stream.h"
#include "codecs/llm/header_number.h"

namespace evalzip {
namespace {

// Numbers are read one after the other; the first that is missing or too large spoils the rest.
class NumberReader {
 public:
  explicit NumberReader(Bytes& rest) : rest_(rest) {}

  std::size_t take(std::uint64_t least, std::uint64_t most) {
    const std::optional<std::uint64_t> number = read_number(rest_);
    good_ = good_ && number && *number >= least && *number <= most;
    return good_ ? static_cast<std::size_t>(*number) : least;
  }
  bool good() const { return good_; }

 private:
  Bytes& rest_;
  bool good_ = true;
};

// Until they are `size` bytes together.
std::vector<std::size_t> read_parts(NumberReader& numbers, std::size_t size) {
  std::vector<std::size_t> parts;
  while (size > 0 && numbers.good()) {
    parts.push_back(numbers.take(parts.empty() ? 0 : 1, size));
    size -= parts.back();
  }
  return parts;
}

}  // namespace

std::size_t MixedHeader::text_size() const {
  std::size_t size = 0;
  for (std::size_t i = 0; i < parts.size(); i += 2) size += parts[i];
  return size;
}

std::vector<std::byte> MixedHeader::written() const {
  std::vector<std::byte> bytes(1 + model.size());
  bytes[0] = tokens_are_bytes ? kVersion : kTokenVersion;
  std::ranges::copy(model, bytes.begin() + 1);
  write_number(positions, bytes);
  write_number(level, bytes);
  for (const std::size_t part : parts) write_number(part, bytes);
  if (text_size() == 0) return bytes;
  write_number(segments, bytes);
  write_number(text_payload, bytes);
  return bytes;
}

std::optional<MixedHeader> MixedHeader::read(Bytes& rest, std::size_t size) {
  MixedHeader header;
  if (rest.size() < 1 + header.model.size() || !begins(rest[0])) return std::nullopt;
  header.tokens_are_bytes = rest[0] == kVersion;
  std::ranges::copy(rest.subspan(1, header.model.size()), header.model.begin());
  rest = rest.subspan(1 + header.model.size());
  NumberReader numbers(rest);
  header.positions = numbers.take(kLeastPositions, std::size_t{1} << 20);
  header.level = static_cast<unsigned>(numbers.take(kFirstStrongContextLevel, kLastContextLevel));
  header.parts = read_parts(numbers, size);
  if (!numbers.good()) return std::nullopt;
  if (const std::size_t text = header.text_size(); text > 0) {
    header.segments = numbers.take(1, std::min(text, kMostSegments));
    header.text_payload = numbers.take(0, rest.size());
  }
  if (!numbers.good() || header.text_payload > rest.size()) return std::nullopt;
  return header;
}

}  // namespace evalzip
