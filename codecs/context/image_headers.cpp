#include "codecs/context/image_headers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "codecs/context/medical_headers.h"

namespace evalzip {
namespace {

using Window = std::span<const std::uint8_t>;
using Found = std::optional<FoundSamples>;

constexpr std::uint64_t kSmallest = 1024;  // bytes: less is not worth a segment
constexpr std::size_t kLongestText = 512;  // of a header of text

bool starts_with(Window at, std::string_view magic) {
  return at.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), at.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

// Numbers of a header; 0 behind its end.
class Fields {
 public:
  Fields(Window at, bool big_endian) : at_(at), big_endian_(big_endian) {}

  std::uint32_t number(std::size_t place, std::size_t size) const {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t byte = place + (big_endian_ ? i : size - 1 - i);
      number = number << 8 | (byte < at_.size() ? at_[byte] : 0u);
    }
    return number;
  }

 private:
  Window at_;
  bool big_endian_;
};

// Samples `begin` bytes behind the header's start, of rows of `columns` pixels.
struct Picture {
  std::uint64_t begin = 0, columns = 0, rows = 0;
  std::uint64_t bits = 0, channels = 0;
  bool little_endian = true;
  std::uint64_t row_alignment = 1;
};

Found found(const Picture& picture) {
  if (picture.columns == 0 || picture.rows == 0 || picture.channels == 0) return std::nullopt;
  if (picture.channels > kMostChannels || picture.bits % 8 != 0 || picture.bits > 32 ||
      picture.bits == 0 || picture.columns > kWidestImage || picture.rows > 1u << 26) {
    return std::nullopt;
  }
  const std::uint64_t sample = picture.bits / 8;
  const std::uint64_t plain = picture.columns * picture.channels * sample;
  const std::uint64_t width =
      (plain + picture.row_alignment - 1) / picture.row_alignment * picture.row_alignment;
  if (width > kWidestImage || width % sample != 0 || width * picture.rows < kSmallest) {
    return std::nullopt;
  }
  return FoundSamples{.begin = picture.begin,
                      .segment = {.content = Content::image,
                                  .size = width * picture.rows,
                                  .width = static_cast<std::uint32_t>(width),
                                  .sample = static_cast<std::uint32_t>(sample),
                                  .channels = static_cast<std::uint32_t>(picture.channels),
                                  .little_endian = picture.little_endian && sample > 1}};
}

Found bitmap(Window at) {
  if (!starts_with(at, "BM")) return std::nullopt;
  const Fields header(at, false);
  const std::uint32_t begin = header.number(10, 4), info = header.number(14, 4);
  const std::uint32_t bits = header.number(28, 2), compression = header.number(30, 4);
  if (header.number(26, 2) != 1 || info < 40 || info > 124 || begin < 14 + info || begin > 8192) {
    return std::nullopt;
  }
  if (bits % 8 != 0 || bits < 8 || bits > 32 || (compression != 0 && compression != 3))
    return std::nullopt;
  const std::uint32_t height = header.number(22, 4);
  const bool wide = bits == 16;  // 5 or 6 bits a colour: one sample
  return found({.begin = begin,
                .columns = header.number(18, 4),
                .rows = height >> 31 != 0 ? 0u - height : height,
                .bits = wide ? 16u : 8u,
                .channels = wide ? 1u : bits / 8,
                .row_alignment = 4});
}

// The numbers of a PNM header, and where it ends. Comments go to the ends of their lines.
struct AsciiNumbers {
  std::array<std::uint64_t, 3> numbers{};
  std::size_t end = 0;
};

std::optional<AsciiNumbers> ascii_numbers(Window at, std::size_t count) {
  at = at.first(std::min(at.size(), kLongestText));
  AsciiNumbers result{.end = 2};
  const auto byte = [&] { return result.end < at.size() ? at[result.end] : std::uint8_t{0}; };
  const auto is_digit = [&] { return byte() - 48u < 10u; };
  for (std::size_t i = 0; i < count; ++i) {
    while (byte() == ' ' || byte() == '\n' || byte() == '\t' || byte() == '\r' || byte() == '#') {
      if (byte() == '#') {
        while (result.end < at.size() && byte() != '\n') ++result.end;
      } else {
        ++result.end;
      }
    }
    if (!is_digit()) return std::nullopt;
    for (; is_digit() && result.numbers[i] < 1u << 28; ++result.end) {
      result.numbers[i] = 10 * result.numbers[i] + (byte() - 48u);
    }
  }
  ++result.end;  // one blank
  return result;
}

Found portable_map(Window at) {
  const bool gray = starts_with(at, "P5");
  if (!gray && !starts_with(at, "P6")) return std::nullopt;
  if (at.size() < 12 || (at[2] != '\n' && at[2] != ' ' && at[2] != '\r')) return std::nullopt;
  const auto header = ascii_numbers(at, 3);
  if (!header || header->numbers[2] == 0 || header->numbers[2] > 65535) return std::nullopt;
  return found({.begin = header->end,
                .columns = header->numbers[0],
                .rows = header->numbers[1],
                .bits = header->numbers[2] > 255 ? 16u : 8u,
                .channels = gray ? 1u : 3u,
                .little_endian = false});
}

std::uint64_t field_of(std::string_view header, std::string_view name) {
  const std::size_t at = header.find(name);
  std::uint64_t number = 0;
  if (at == std::string_view::npos) return 0;
  for (const char c : header.substr(at + name.size())) {
    if (c < '0' || c > '9' || number > 1u << 28) break;
    number = 10 * number + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

Found arbitrary_map(Window at) {
  if (!starts_with(at, "P7\n")) return std::nullopt;
  const std::string_view text(reinterpret_cast<const char*>(at.data()),
                              std::min(at.size(), kLongestText));
  const std::size_t end = text.find("ENDHDR\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view header = text.substr(0, end);
  return found({.begin = end + 7,
                .columns = field_of(header, "WIDTH "),
                .rows = field_of(header, "HEIGHT "),
                .bits = field_of(header, "MAXVAL ") > 255 ? 16u : 8u,
                .channels = field_of(header, "DEPTH "),
                .little_endian = false});
}

// What a field of a TIFF directory tells of the picture. Compressed ones, and ones in planes, are
// none of ours: they have no channels.
void read_field(const Fields& file, std::size_t entry, Picture& picture) {
  const bool is_short = file.number(entry + 2, 2) == 3;
  const std::uint32_t count = file.number(entry + 4, 4);
  const std::uint32_t value = file.number(entry + 8, is_short && count == 1 ? 2 : 4);
  switch (file.number(entry, 2)) {
    case 256:
      picture.columns = value;
      break;
    case 257:
      picture.rows = value;
      break;
    case 258:
      picture.bits = is_short && count > 2 ? file.number(value, 2) : value & 0xffffu;
      break;
    case 259:
      picture.channels = value == 1 ? picture.channels : 0;
      break;
    case 273:
      if (is_short && count == 2) {
        picture.begin = file.number(entry + 8, 2);
      } else {
        picture.begin = count == 1 ? value : file.number(value, is_short ? 2 : 4);
      }
      break;
    case 277:
      picture.channels = picture.channels > 0 ? value : 0;
      break;
    case 284:
      picture.channels = value == 1 ? picture.channels : 0;
      break;
    default:
      break;
  }
}

// Of the first channel: 1 unsigned, 2 signed, 3 a float.
std::uint32_t sample_format(const Fields& file, std::size_t entry) {
  const bool is_here = file.number(entry + 4, 4) <= 2;
  return file.number(is_here ? entry + 8 : file.number(entry + 8, 4), 2);
}

// Strips are taken for one where they follow one another, which nearly all do.
Found tagged(Window at) {
  const bool big = starts_with(at, std::string_view("MM\0*", 4));
  if (!big && !starts_with(at, std::string_view("II*\0", 4))) return std::nullopt;
  const Fields file(at, big);
  const std::uint32_t directory = file.number(4, 4);
  if (directory < 8 || directory >= at.size()) return std::nullopt;
  const std::uint32_t entries = file.number(directory, 2);
  if (entries > 64) return std::nullopt;
  Picture picture{.bits = 1, .channels = 1, .little_endian = !big};
  bool is_signed = false;
  for (std::uint32_t i = 0, before = 0; i < entries; ++i) {
    const std::size_t entry = std::size_t{directory} + 2 + std::size_t{12} * i;
    const std::uint32_t tag = file.number(entry, 2);
    if (tag <= before) return std::nullopt;  // they ascend
    before = tag;
    if (tag == 339) is_signed = sample_format(file, entry) == 2;
    read_field(file, entry, picture);
  }
  Found samples = picture.begin < 8 ? std::nullopt : found(picture);
  if (samples) samples->segment.is_signed = is_signed;
  return samples;
}

bool is_colour_map(std::uint32_t colours, std::uint32_t bits) {
  return colours >= 1 && colours <= 256 && (bits == 15 || bits == 16 || bits == 24 || bits == 32);
}

// A header without a magic: all of it must be as true ones are, and the picture must be there.
Found targa(Window at) {
  if (at.size() < 18 || at[1] > 1) return std::nullopt;
  const Fields header(at, false);
  const unsigned type = at[2], depth = at[16];
  const bool colours = type == 2 && at[1] == 0 && (depth == 24 || depth == 32);
  const bool gray =
      (type == 3 && at[1] == 0 && depth == 8) || (type == 1 && at[1] == 1 && depth == 8);
  if ((!colours && !gray) || (at[17] & 0xc0u) != 0 || header.number(8, 4) > 0xffffu) {
    return std::nullopt;
  }
  if ((at[17] & 15u) != 0 && ((at[17] & 15u) != 8 || depth != 32)) return std::nullopt;
  const std::uint32_t colours_in_map = header.number(5, 2), bits_of_colour = at[7];
  if (header.number(3, 2) != 0) return std::nullopt;
  if (at[1] == 0 ? colours_in_map != 0 : !is_colour_map(colours_in_map, bits_of_colour)) {
    return std::nullopt;
  }
  const std::uint32_t columns = header.number(12, 2), rows = header.number(14, 2);
  if (columns < 16 || rows < 16 || columns > 16384 || rows > 16384) return std::nullopt;
  const Found picture = found({.begin = 18u + at[0] + colours_in_map * ((bits_of_colour + 7) / 8),
                               .columns = columns,
                               .rows = rows,
                               .bits = 8,
                               .channels = depth / 8});
  return picture && picture->begin + picture->segment.size <= at.size() ? picture : std::nullopt;
}

Found wave(Window at) {
  if (!starts_with(at, "RIFF") || at.size() < 44 || !starts_with(at.subspan(8), "WAVEfmt ")) {
    return std::nullopt;
  }
  const Fields header(at, false);
  const std::uint32_t channels = header.number(22, 2), bits = header.number(34, 2);
  const std::uint32_t format = header.number(20, 2);  // whole numbers, floats, either
  if (format != 1 && format != 3 && format != 0xfffe) return std::nullopt;
  if (channels == 0 || channels > kMostChannels || bits % 8 != 0 || bits == 0 || bits > 32) {
    return std::nullopt;
  }
  std::uint64_t chunk = 20 + std::uint64_t{header.number(16, 4)};
  while (chunk + 8 <= at.size() && chunk < 4096 && !starts_with(at.subspan(chunk), "data")) {
    chunk += 8 + std::uint64_t{header.number(chunk + 4, 4)} + header.number(chunk + 4, 4) % 2;
  }
  if (chunk + 8 > at.size() || !starts_with(at.subspan(chunk), "data")) return std::nullopt;
  const std::uint32_t size = header.number(chunk + 4, 4);
  if (size < kSmallest) return std::nullopt;
  return FoundSamples{.begin = chunk + 8,
                      .segment = {.content = Content::image,
                                  .size = size,
                                  .sample = bits / 8,
                                  .channels = channels,
                                  .little_endian = bits > 8,
                                  .is_signed = bits > 8}};
}

constexpr std::array kFormats = {bitmap, portable_map, arbitrary_map, tagged, targa, wave};

// Where a header may begin: anything else is not looked at.
bool may_begin(Window at) {
  switch (at[0]) {
    case 'B':
      return at[1] == 'M';
    case 'P':
      return at[1] >= '5' && at[1] <= '7';
    case 'I':
      return at[1] == 'I';
    case 'M':
      return at[1] == 'M';
    case 'R':
      return at[1] == 'I';
    case 0xe0:
      return at[1] == 0x7f && at[2] == 0x10 && at[3] == 0;
    case 0x5c:
      return at[1] == 1 && at[2] == 0;
    default:
      return at[1] <= 1 && at[2] >= 1 && at[2] <= 3 && at[0] < 64;
  }
}

// What DICOM says of its samples lies far before them, and is not looked for again and again.
constexpr unsigned kMostFailures = 64;

}  // namespace

Found SampleFinder::at(std::size_t place, std::size_t from) {
  const Window rest = block_.subspan(place);
  if (!may_begin(rest)) return std::nullopt;
  for (const auto format : kFormats) {
    const Found found = format(rest);
    if (found) return found;
  }
  if (rest[0] == 0x5c) return find_nifti(block_, place);
  if (rest[0] != 0xe0 || failures_ >= kMostFailures) return std::nullopt;
  // What precedes `from` is of other samples.
  const Found found = find_dicom(block_.subspan(from), place - from);
  failures_ += found ? 0 : 1;
  return found;
}

Found SampleFinder::next(std::size_t from) {
  for (std::size_t place = from; place + 64 < block_.size(); ++place) {
    Found found = at(place, from);
    if (!found || found->begin >= block_.size() - place) continue;
    found->begin += place;
    const std::size_t most = block_.size() - found->begin;
    found->is_cut = found->segment.size > most;
    found->segment.size = std::min(found->segment.size, most);
    if (found->segment.size >= kSmallest) return found;
  }
  return std::nullopt;
}

}  // namespace evalzip
