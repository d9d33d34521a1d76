#include "codecs/cm_header.h"

#include <optional>

namespace evalzip {
namespace {

// Seven bits a byte, the lowest first; all bytes but the last have their top bit set.
void put_number(std::vector<std::byte>& to, std::uint64_t number) {
  for (; number >= 128; number >>= 7) to.push_back(static_cast<std::byte>(number | 128u));
  to.push_back(static_cast<std::byte>(number));
}

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  std::optional<std::uint64_t> number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 56 && at_ < bytes_.size(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(bytes_[at_++]);
      number |= (byte & 127u) << shift;
      if (byte < 128) return number;
    }
    return std::nullopt;
  }

  // A number from `first` to `last`.
  std::optional<std::uint64_t> number(std::uint64_t first, std::uint64_t last) {
    const std::optional<std::uint64_t> found = number();
    return found && *found >= first && *found <= last ? found : std::nullopt;
  }

  std::size_t position() const { return at_; }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

constexpr std::uint32_t kWidest = 1u << 20;

bool has_width(Content content) { return content == Content::binary || content == Content::image; }

bool read_samples(Reader& reader, Segment& segment) {
  const auto format = reader.number(4, 19);
  const auto channels = reader.number(1, kMostChannels);
  if (!format || !channels) return false;
  segment.sample = static_cast<std::uint32_t>(*format / 4);
  segment.is_signed = (*format & 2u) != 0;
  segment.little_endian = (*format & 1u) != 0;
  segment.channels = static_cast<std::uint32_t>(*channels);
  if (segment.little_endian && segment.sample == 1) return false;
  return segment.width == 0 || has_whole_rows(segment);
}

std::optional<Segment> read_segment(Reader& reader, std::uint64_t most) {
  Segment segment;
  const auto content = reader.number(0, kContents - 1);
  const auto size = reader.number(1, most);
  if (!content || !size) return std::nullopt;
  segment.content = static_cast<Content>(*content);
  segment.size = *size;
  if (has_width(segment.content)) {
    const auto width = reader.number(0, kWidest);
    // A column of one byte has no neighbour on its left, which is looked at.
    if (!width || *width == 1) return std::nullopt;
    segment.width = static_cast<std::uint32_t>(*width);
  }
  if (segment.content == Content::image) {
    if (!read_samples(reader, segment)) return std::nullopt;
  }
  return segment;
}

}  // namespace

std::vector<std::byte> write_cm_header(const CmHeader& header) {
  std::vector<std::byte> bytes;
  put_number(bytes, kCmModelVersion);
  put_number(bytes, header.level);
  for (const Segment& segment : header.segments) {
    put_number(bytes, static_cast<std::uint64_t>(segment.content));
    put_number(bytes, segment.size);
    if (has_width(segment.content)) put_number(bytes, segment.width);
    if (segment.content == Content::image) {
      put_number(bytes, 4 * segment.sample + (segment.is_signed ? 2u : 0u) +
                            (segment.little_endian ? 1u : 0u));
      put_number(bytes, segment.channels);
    }
  }
  return bytes;
}

Result<ParsedCmHeader> read_cm_header(Bytes encoded, std::size_t block_size) {
  Reader reader(encoded);
  const auto version = reader.number();
  if (!version) return Fault::corrupt_input;
  if (*version != kCmModelVersion) return Fault::unsupported_input;
  const auto level = reader.number(1, 9);
  if (!level) return Fault::corrupt_input;
  ParsedCmHeader parsed;
  parsed.header.level = static_cast<unsigned>(*level);
  while (block_size > 0) {
    const std::optional<Segment> segment = read_segment(reader, block_size);
    if (!segment) return Fault::corrupt_input;
    parsed.header.segments.push_back(*segment);
    block_size -= segment->size;
  }
  parsed.size = reader.position();
  return parsed;
}

}  // namespace evalzip
