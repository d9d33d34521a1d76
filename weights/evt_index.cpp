#include "weights/evt_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace evalzip {
namespace {

constexpr std::uint16_t kVersion = 1;
// As .evz files begin, with another name.
constexpr std::array<std::byte, 8> kMagic{std::byte{0x89}, std::byte{'E'},  std::byte{'V'},
                                          std::byte{'T'},  std::byte{'\r'}, std::byte{'\n'},
                                          std::byte{0x1A}, std::byte{'\n'}};
// Offset and size of the index, its check, and the magic bytes again.
constexpr std::size_t kTrailerBytes = 8 + 8 + sizeof(Check) + kMagic.size();
constexpr std::uint32_t kNoOther = 0xffffffff;
constexpr std::size_t kMostDimensions = 32;
// Least bytes of a segment in the index: the fields below with empty texts and no chunk.
constexpr std::size_t kLeastSegment = 2 + 2 + 1 + 1 + 8 + 8 + 16 + 4 + 8 + 8;

std::string called(const EvtSegment& segment, std::size_t number) {
  return segment.name.empty() ? fmt::format("segment {}", number) : "the tensor " + segment.name;
}

void write_segment(const EvtSegment& segment, FieldWriter& fields) {
  fields.text(segment.name).text(segment.type);
  fields.number(static_cast<std::uint8_t>(segment.shape.size()));
  for (const std::uint64_t dimension : segment.shape) fields.number(dimension);
  fields.number(static_cast<std::uint8_t>(segment.layout.format))
      .number(segment.layout.columns)
      .number(segment.size)
      .array(segment.hash)
      .number(segment.same_as.value_or(kNoOther))
      .number(segment.offset)
      .number(static_cast<std::uint64_t>(segment.chunks.size()));
  for (const EvtChunk& chunk : segment.chunks) fields.number(chunk.bytes).array(chunk.check);
}

void read_chunks(EvtSegment& segment, FieldReader& fields, const std::string& who) {
  const auto count = fields.number<std::uint64_t>();
  const std::uint64_t size = segment.layout.chunk_bytes();
  const std::uint64_t expected =
      segment.same_as ? 0 : segment.size / size + (segment.size % size > 0);
  if (count != expected || count > fields.left() / (4 + sizeof(Check))) {
    throw damaged(who + " has another number of chunks than its size says");
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    EvtChunk chunk;
    chunk.bytes = fields.number<std::uint32_t>();
    chunk.check = fields.array<sizeof(Check)>();
    segment.chunks.push_back(chunk);
  }
}

EvtSegment read_segment(FieldReader& fields, std::size_t number) {
  EvtSegment segment;
  segment.name = fields.text();
  segment.type = fields.text();
  const std::string who = called(segment, number);
  const auto dimensions = fields.number<std::uint8_t>();
  if (dimensions > kMostDimensions) throw damaged(who + " has too many dimensions");
  for (unsigned i = 0; i < dimensions; ++i) segment.shape.push_back(fields.number<std::uint64_t>());
  segment.layout.format = fields.number<std::uint8_t>();
  segment.layout.columns = fields.number<std::uint64_t>();
  segment.size = fields.number<std::uint64_t>();
  segment.hash = fields.array<sizeof(Digest)>();
  const auto other = fields.number<std::uint32_t>();
  if (other != kNoOther) segment.same_as = other;
  segment.offset = fields.number<std::uint64_t>();
  if (segment.layout.format >= number_formats().size() ||
      segment.size % segment.layout.numbers().block_bytes != 0) {
    throw damaged(who + " has a number format or a size that no writer gives it");
  }
  read_chunks(segment, fields, who);
  return segment;
}

// What a segment refers to must be there; `end` is where the index begins.
void check_segment(const EvtIndex& index, std::size_t number, std::uint64_t end) {
  const EvtSegment& segment = index.segments[number];
  const std::string who = called(segment, number);
  if (segment.same_as) {
    const bool earlier = *segment.same_as < number;
    if (!earlier || index.segments[*segment.same_as].same_as ||
        index.segments[*segment.same_as].size != segment.size) {
      throw damaged(who + " is said to be the same as what it cannot be");
    }
    return;
  }
  if (segment.chunks.empty()) return;  // a tensor without numbers lies nowhere
  if (segment.offset < kEvtHeaderBytes || segment.offset > end ||
      segment.stored() > end - segment.offset) {
    throw damaged(who + " lies outside of the file");
  }
}

EvtIndex parse_index(FieldReader fields, std::uint64_t end) {
  EvtIndex index;
  index.file_format = fields.text();
  index.size = fields.number<std::uint64_t>();
  index.hash = fields.array<sizeof(Digest)>();
  index.base_name = fields.text();
  index.base_hash = fields.array<sizeof(Digest)>();
  const auto count = fields.number<std::uint64_t>();
  if (count > fields.left() / kLeastSegment) throw damaged("its index ends too early");
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    index.segments.push_back(read_segment(fields, i));
    check_segment(index, i, end);
    if (__builtin_add_overflow(size, index.segments.back().size, &size)) {
      throw damaged("its segments are larger than 2^64 bytes");
    }
  }
  constexpr std::array<std::string_view, 4> kFileFormats{"safetensors", "GGUF", "npy", "npz"};
  if (std::ranges::find(kFileFormats, index.file_format) == kFileFormats.end()) {
    throw damaged("it is of a kind of file that no writer names");
  }
  if (fields.left() != 0 || size != index.size) {
    throw damaged("its segments do not make up the file they are of");
  }
  return index;
}

}  // namespace

std::uint64_t EvtSegment::stored() const {
  return std::accumulate(chunks.begin(), chunks.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const EvtChunk& one) { return sum + one.bytes; });
}

const EvtSegment* EvtIndex::find(std::string_view tensor) const {
  const auto found = std::ranges::find(segments, tensor, &EvtSegment::name);
  return tensor.empty() || found == segments.end() ? nullptr : &*found;
}

std::vector<std::byte> write_evt_header() {
  FieldWriter header;
  header.array(kMagic).number(kVersion).array(std::array<std::byte, 6>{});
  return header.bytes();
}

std::vector<std::byte> write_evt_index(const EvtIndex& index, std::uint64_t offset) {
  FieldWriter fields;
  fields.text(index.file_format)
      .number(index.size)
      .array(index.hash)
      .text(index.base_name)
      .array(index.base_hash)
      .number(static_cast<std::uint64_t>(index.segments.size()));
  for (const EvtSegment& segment : index.segments) write_segment(segment, fields);
  const std::uint64_t size = fields.bytes().size();
  const Check check = check_of(digest_of(fields.bytes()));
  fields.number(offset).number(size).array(check).array(kMagic);
  return fields.bytes();
}

EvtIndex read_evt_index(const RandomAccess& file) {
  std::array<std::byte, kEvtHeaderBytes> head;
  if (file.size < head.size()) throw damaged("it is too short for an .evt file");
  file.read(0, head);
  if (!looks_like_evt(head)) {
    throw ContainerError(ContainerError::Kind::not_ours, "it is not an .evt file");
  }
  const auto version = load_little_endian<std::uint16_t>(head, kMagic.size());
  if (version != kVersion) {
    throw ContainerError(
        ContainerError::Kind::not_ours,
        fmt::format("it has version {} of the format, and this evalzip knows version {} only: "
                    "install a newer one",
                    version, kVersion));
  }
  if (!std::ranges::equal(head, write_evt_header())) throw damaged("its header is wrong");
  if (file.size < head.size() + kTrailerBytes) throw damaged("it has no end");
  std::array<std::byte, kTrailerBytes> end;
  const std::uint64_t end_at = file.size - end.size();
  file.read(end_at, end);
  FieldReader trailer(end);
  const auto offset = trailer.number<std::uint64_t>(), size = trailer.number<std::uint64_t>();
  const Check check = trailer.array<sizeof(Check)>();
  if (trailer.array<kMagic.size()>() != kMagic) throw damaged("it is cut short: it has no end");
  if (offset < head.size() || offset > end_at || size != end_at - offset) {
    throw damaged("its end does not tell where its index lies");
  }
  std::vector<std::byte> bytes(size);
  file.read(offset, bytes);
  if (check != check_of(digest_of(bytes))) throw damaged("the checksum of its index is wrong");
  return parse_index(FieldReader(bytes), offset);
}

bool looks_like_evt(Bytes bytes) {
  return bytes.size() >= kMagic.size() && std::equal(kMagic.begin(), kMagic.end(), bytes.begin());
}

}  // namespace evalzip
