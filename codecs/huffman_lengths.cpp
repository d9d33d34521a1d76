#include "codecs/huffman_lengths.h"

#include <algorithm>
#include <bitset>
#include <cassert>
#include <cstddef>

namespace evalzip {
namespace {

constexpr std::size_t kMostSymbols = 256;
constexpr unsigned kMostLevels = 16;

struct Leaves {
  std::array<std::uint64_t, kMostSymbols> keys;  // count * 256 + symbol, ascending
  std::size_t size = 0;

  std::uint64_t weight(std::size_t i) const { return keys[i] >> 8; }
  std::uint8_t symbol(std::size_t i) const { return static_cast<std::uint8_t>(keys[i] & 0xff); }
};

Leaves sorted_leaves(const ByteHistogram& counts) {
  Leaves leaves;
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    if (counts[symbol] == 0) continue;
    leaves.keys[leaves.size++] = std::uint64_t{counts[symbol]} << 8 | symbol;
  }
  std::sort(leaves.keys.begin(), leaves.keys.begin() + leaves.size);
  return leaves;
}

// One list of the algorithm: leaves and packages (pairs of the list below) by ascending weight.
// Which leaf or package an entry is follows from its place, so one bit each is kept.
struct Level {
  std::array<std::uint64_t, 2 * kMostSymbols> weights;
  std::size_t size = 0;
};

using IsPackage = std::bitset<2 * kMostSymbols>;

// An odd entry at the end of `below` is the heaviest there and finds no partner.
Level merge(const Leaves& leaves, const Level& below, IsPackage& is_package) {
  Level level;
  const std::size_t packages = below.size / 2;
  std::size_t leaf = 0, package = 0;
  while (leaf < leaves.size || package < packages) {
    const bool take_package =
        leaf == leaves.size ||
        (package < packages &&
         below.weights[2 * package] + below.weights[2 * package + 1] < leaves.weight(leaf));
    is_package[level.size] = take_package;
    level.weights[level.size++] = take_package
                                      ? below.weights[2 * package] + below.weights[2 * package + 1]
                                      : leaves.weight(leaf);
    take_package ? ++package : ++leaf;
  }
  return level;
}

}  // namespace

CodeLengths optimal_code_lengths(const ByteHistogram& counts, unsigned longest) {
  const Leaves leaves = sorted_leaves(counts);
  assert(longest <= kMostLevels && leaves.size <= std::size_t{1} << longest);
  CodeLengths lengths{};
  if (leaves.size == 1) lengths[leaves.symbol(0)] = 1;
  if (leaves.size < 2) return lengths;

  std::array<IsPackage, kMostLevels> is_package;
  Level level;
  for (unsigned i = 0; i < longest; ++i) level = merge(leaves, level, is_package[i]);

  // The 2n-2 lightest entries of the last list are the answer: a leaf adds 1 to its symbol's
  // length, a package stands for the two entries below that it was made of.
  std::size_t taken = 2 * leaves.size - 2;
  for (unsigned i = longest; i-- > 0;) {
    std::size_t packages = 0;
    for (std::size_t entry = 0; entry < taken; ++entry) packages += is_package[i][entry];
    for (std::size_t leaf = 0; leaf < taken - packages; ++leaf) ++lengths[leaves.symbol(leaf)];
    taken = 2 * packages;
  }
  return lengths;
}

}  // namespace evalzip
