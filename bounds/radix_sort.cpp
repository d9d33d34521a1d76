#include "bounds/radix_sort.h"

#include <algorithm>
#include <array>
#include <utility>

namespace evalzip {
namespace {

constexpr std::size_t kWorthCounting = 1 << 10;
constexpr unsigned kDigitBits = 8, kDigits = 4;
constexpr std::uint32_t kDigitMask = 0xff;

}  // namespace

void radix_sort(std::span<std::uint32_t> keys, std::span<std::uint32_t> scratch) {
  if (keys.size() < kWorthCounting) {
    std::ranges::sort(keys);
    return;
  }
  std::array<std::array<std::size_t, 1 << kDigitBits>, kDigits> places{};
  for (const std::uint32_t key : keys) {
    for (unsigned d = 0; d < kDigits; ++d) ++places[d][key >> d * kDigitBits & kDigitMask];
  }
  std::span<std::uint32_t> from = keys, to = scratch.first(keys.size());
  for (unsigned d = 0; d < kDigits; ++d) {
    std::size_t place = 0;
    for (std::size_t& count : places[d]) place += std::exchange(count, place);
    for (const std::uint32_t key : from) to[places[d][key >> d * kDigitBits & kDigitMask]++] = key;
    std::swap(from, to);
  }
  // An even number of passes leaves the result where it began.
  static_assert(kDigits % 2 == 0);
}

}  // namespace evalzip
