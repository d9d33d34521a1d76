#include "codecs/context/medical_headers.h"

#include <algorithm>
#include <array>
#include <bit>

namespace evalzip {
namespace {

using Window = std::span<const std::uint8_t>;
using Tag = std::array<std::uint8_t, 4>;

constexpr Tag kPixelData = {0xe0, 0x7f, 0x10, 0x00};
constexpr Tag kSamples = {0x28, 0, 2, 0}, kRows = {0x28, 0, 0x10, 0}, kColumns = {0x28, 0, 0x11, 0},
              kBits = {0x28, 0, 0, 1}, kSign = {0x28, 0, 3, 1};
constexpr std::size_t kElements = 128 << 10;  // before the samples: where the picture is described

std::uint32_t little(Window bytes, std::size_t place, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = size; i-- > 0;) {
    number = number << 8 | (place + i < bytes.size() ? bytes[place + i] : 0u);
  }
  return number;
}

// The number of 16 bits of an element, which lies at the same place in both of DICOM's encodings;
// the last one, where there are several.
std::optional<std::uint32_t> element(Window elements, const Tag& tag) {
  const auto at = std::find_end(elements.begin(), elements.end(), tag.begin(), tag.end());
  const auto place = static_cast<std::size_t>(at - elements.begin());
  if (place + 10 > elements.size()) return std::nullopt;
  return little(elements, place + 8, 2);
}

}  // namespace

std::optional<FoundSamples> find_dicom(Window block, std::size_t at) {
  const Window rest = block.subspan(at);
  if (!std::equal(kPixelData.begin(), kPixelData.end(), rest.begin())) return std::nullopt;
  const bool is_explicit = rest[4] == 'O' && (rest[5] == 'W' || rest[5] == 'B');
  const std::size_t begin = is_explicit ? 12 : 8;
  const std::uint32_t size = little(rest, begin - 4, 4);
  if (size == 0xffffffffu || size < 1024) return std::nullopt;
  const std::size_t from = at - std::min(at, kElements);
  const Window elements = block.subspan(from, at - from);
  const auto rows = element(elements, kRows), columns = element(elements, kColumns);
  const auto bits = element(elements, kBits);
  if (!rows || !columns || !bits || *rows == 0 || *columns == 0) return std::nullopt;
  if (*bits != 8 && *bits != 16 && *bits != 32) return std::nullopt;
  const std::uint32_t channels = element(elements, kSamples).value_or(1);
  const std::uint64_t width = std::uint64_t{*columns} * (*bits / 8) * channels;
  if (channels == 0 || channels > 4 || width > kWidestImage) return std::nullopt;
  return FoundSamples{.begin = begin,
                      .segment = {.content = Content::image,
                                  .size = size,
                                  .width = static_cast<std::uint32_t>(width),
                                  .sample = *bits / 8,
                                  .channels = channels,
                                  .little_endian = *bits > 8,
                                  .is_signed = element(elements, kSign).value_or(0) == 1}};
}

std::optional<FoundSamples> find_nifti(Window block, std::size_t at) {
  const Window rest = block.subspan(at);
  if (rest.size() < 400 || little(rest, 0, 4) != 348 || rest[344] != 'n' || rest[345] != '+') {
    return std::nullopt;
  }
  const std::uint32_t dimensions = little(rest, 40, 2), type = little(rest, 70, 2);
  const auto begin = static_cast<double>(std::bit_cast<float>(little(rest, 108, 4)));
  const bool colours = type == 128;
  const std::uint32_t sample = colours ? 1 : little(rest, 72, 2) / 8;
  if (dimensions < 1 || dimensions > 7 || sample < 1 || sample > 4) return std::nullopt;
  if (!(begin >= 348 && begin < 65536)) return std::nullopt;
  std::uint64_t size = sample * (colours ? 3u : 1u);
  for (std::uint32_t i = 1; i <= dimensions; ++i) {
    size *= little(rest, 40 + std::size_t{2} * i, 2);
    if (size == 0 || size > std::uint64_t{1} << 40) return std::nullopt;
  }
  const std::uint64_t width = std::uint64_t{little(rest, 42, 2)} * sample * (colours ? 3u : 1u);
  if (width > kWidestImage || size < 1024) return std::nullopt;
  return FoundSamples{.begin = static_cast<std::size_t>(begin),
                      .segment = {.content = Content::image,
                                  .size = size,
                                  .width = static_cast<std::uint32_t>(width),
                                  .sample = sample,
                                  .channels = colours ? 3u : 1u,
                                  .little_endian = sample > 1,
                                  .is_signed = type == 4 || type == 8 || type == 256}};
}

}  // namespace evalzip
