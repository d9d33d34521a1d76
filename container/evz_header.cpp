#include "container/evz_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "container/fields.h"

namespace evalzip {
namespace {

// As PNG's: a byte above 127, the name, and line ends that a transfer as text would change.
constexpr std::array<std::byte, 8> kMagic{std::byte{0x89}, std::byte{'E'},  std::byte{'V'},
                                          std::byte{'Z'},  std::byte{'\r'}, std::byte{'\n'},
                                          std::byte{0x1A}, std::byte{'\n'}};

// Magic, version, and the size of all up to the end of the check.
constexpr std::size_t kPrefixBytes = kMagic.size() + 2 * sizeof(std::uint16_t);

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

EvzHeader parse_fields(FieldReader fields) {
  EvzHeader header;
  header.block_bytes = fields.number<std::uint32_t>();
  header.codec = fields.text();
  header.codec_version = fields.text();
  header.model_sha256 = fields.text();
  if (header.block_bytes == 0 || header.block_bytes > kMostBlockBytes || fields.left() != 0 ||
      (!header.model_sha256.empty() && !is_sha256(header.model_sha256))) {
    throw damaged("the header holds what no writer puts there");
  }
  return header;
}

}  // namespace

std::vector<std::byte> write_evz_header(const EvzHeader& header) {
  FieldWriter fields;
  fields.number(header.block_bytes)
      .text(header.codec)
      .text(header.codec_version)
      .text(header.model_sha256);
  const std::size_t size = kPrefixBytes + fields.bytes().size() + sizeof(Check);
  if (size > std::numeric_limits<std::uint16_t>::max()) {
    throw std::length_error("the name of the codec is too long for a container");
  }
  FieldWriter whole;
  whole.array(kMagic).number(kEvzVersion).number(static_cast<std::uint16_t>(size));
  std::vector<std::byte> bytes = whole.bytes();
  bytes.insert(bytes.end(), fields.bytes().begin(), fields.bytes().end());
  const Check check = check_of(digest_of(bytes));
  bytes.insert(bytes.end(), check.begin(), check.end());
  return bytes;
}

SizedHeader read_evz_header(const ByteSource& source) {
  std::vector<std::byte> bytes(kPrefixBytes);
  const std::size_t found = source(bytes);
  const std::size_t compared = std::min(found, kMagic.size());
  if (found == 0) throw damaged("it is empty");
  if (!std::equal(kMagic.begin(), kMagic.begin() + compared, bytes.begin())) {
    throw ContainerError(ContainerError::Kind::not_ours, "it is not an .evz file");
  }
  if (found < kPrefixBytes) throw damaged("it ends within the header");
  FieldReader prefix(Bytes(bytes).subspan(kMagic.size()));
  const auto version = prefix.number<std::uint16_t>();
  const std::size_t size = prefix.number<std::uint16_t>();
  if (version != kEvzVersion) {
    throw ContainerError(
        ContainerError::Kind::not_ours,
        fmt::format("it has version {} of the format, and this evalzip knows version {} only: "
                    "install a newer one",
                    version, kEvzVersion));
  }
  if (size < kPrefixBytes + sizeof(Check)) throw damaged("the header's size is wrong");
  bytes.resize(size);
  const MutableBytes rest = MutableBytes(bytes).subspan(kPrefixBytes);
  if (source(rest) != rest.size()) throw damaged("it ends within the header");
  const Bytes checked = Bytes(bytes).first(size - sizeof(Check));
  const Check check = FieldReader(Bytes(bytes).last(sizeof(Check))).array<sizeof(Check)>();
  if (check != check_of(digest_of(checked))) throw damaged("the header's checksum is wrong");
  return {.header = parse_fields(FieldReader(checked.subspan(kPrefixBytes))), .bytes = size};
}

}  // namespace evalzip
