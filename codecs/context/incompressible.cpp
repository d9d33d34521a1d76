#include "codecs/context/incompressible.h"

#include <array>

namespace evalzip {
namespace {

constexpr std::size_t kSmallest = 512;
constexpr unsigned kMarkBits = 18;

// Pearson's statistic: about 255 for equally likely bytes, and more by size * 2 ln 2 * r where they
// could be coded in r bits less each. So it is above `size` / 50 where 0.014 bits could be saved.
bool even(const std::array<std::uint32_t, 256>& counts, std::size_t size) {
  std::uint64_t squares = 0;
  for (const std::uint64_t count : counts) squares += count * count;
  const std::uint64_t expected = size * (size + 400 + size / 50) / 256;
  return squares <= expected;
}

// Counts what `symbol` makes of each place, which is at least 4.
template <class Symbol>
bool evenly(std::span<const std::uint8_t> window, Symbol symbol) {
  std::array<std::uint32_t, 256> counts{};
  for (std::size_t i = 4; i < window.size(); ++i) ++counts[symbol(&window[i]) & 255u];
  return even(counts, window.size() - 4);
}

}  // namespace

Incompressible::Incompressible() : marks_(std::size_t{1} << kMarkBits) {}

bool Incompressible::test(std::span<const std::uint8_t> window) {
  if (window.size() < kSmallest) return false;
  if (!evenly(window, [](const std::uint8_t* at) { return at[0]; })) return false;
  for (const int lag : {1, 2, 3, 4}) {
    if (!evenly(window, [lag](const std::uint8_t* at) { return at[0] - at[-lag]; })) return false;
  }
  const auto high_halves = [](const std::uint8_t* at) { return (at[-1] & 0xf0) | at[0] >> 4; };
  return evenly(window, high_halves) && !repeats(window);
}

// One position in 64 is a mark, chosen by its bytes, so that the same bytes are marks anywhere. A
// mark that was seen before is very likely the same eight bytes.
bool Incompressible::repeats(std::span<const std::uint8_t> window) {
  std::size_t sampled = 0, seen = 0;
  std::uint64_t last_eight = 0;
  for (std::size_t i = 0; i < window.size(); ++i) {
    last_eight = last_eight << 8 | window[i];
    const std::uint64_t hash = (last_eight + 1) * 0x9E3779B97F4A7C15u;
    if (i < 8 || hash >> 58 != 0) continue;
    const auto mark = static_cast<std::uint32_t>(hash >> 8 | 1u);
    std::uint32_t& remembered = marks_[hash >> (58 - kMarkBits) & ((1u << kMarkBits) - 1)];
    ++sampled;
    seen += remembered == mark ? 1 : 0;
    remembered = mark;
  }
  return seen * 50 > sampled;
}

}  // namespace evalzip
