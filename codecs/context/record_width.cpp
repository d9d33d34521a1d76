#include "codecs/context/record_width.h"

#include <algorithm>
#include <cstddef>

namespace evalzip {
namespace {

constexpr std::size_t kSample = std::size_t{1} << 16;  // bytes
constexpr std::size_t kWidest = 8192;

// How many bytes differ by at most one from the byte `distance` before.
std::size_t likeness(std::span<const std::uint8_t> bytes, std::size_t distance) {
  std::size_t alike = 0;
  for (std::size_t i = kWidest; i < bytes.size(); ++i) {
    const auto difference = static_cast<std::uint8_t>(bytes[i] - bytes[i - distance] + 1);
    alike += difference <= 2 ? 1 : 0;
  }
  return alike;
}

}  // namespace

std::uint32_t record_width(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 4 * kWidest) return 0;
  const std::size_t size = std::min(kSample, bytes.size());
  const auto sample = bytes.subspan((bytes.size() - size) / 2, size);
  std::size_t best = 0, most = 0;
  std::uint64_t sum = 0;
  for (std::size_t distance = 2; distance <= kWidest; ++distance) {
    const std::size_t alike = likeness(sample, distance);
    sum += alike;
    if (alike > most + most / 64) {
      most = alike;
      best = distance;
    }
  }
  const std::uint64_t usual = sum / (kWidest - 1);
  return most > usual + usual / 8 ? static_cast<std::uint32_t>(best) : 0;
}

}  // namespace evalzip
