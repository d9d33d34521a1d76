#include "codecs/block_splitter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace evalzip {
namespace {

// Blocks are whole numbers of pieces: fine enough to follow a change, long enough that judging one
// costs little beside counting it.
constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr unsigned kFraction = 16;  // bits after the point of a logarithm here

// log2(1 + i / 256), digit by digit: squaring doubles the logarithm.
constexpr std::array<std::uint32_t, 257> mantissa_logarithms() {
  std::array<std::uint32_t, 257> table{};
  for (std::uint64_t i = 0; i < 256; ++i) {
    std::uint64_t x = (256 + i) << 22;  // 1.0 is 2^30
    for (unsigned digit = 0; digit < kFraction; ++digit) {
      x = x * x >> 30;
      const std::uint64_t one = x >> 31;
      table[i] = table[i] << 1 | static_cast<std::uint32_t>(one);
      x >>= one;
    }
  }
  table[256] = 1u << kFraction;
  return table;
}

constexpr auto kMantissaLogarithms = mantissa_logarithms();

std::uint64_t logarithm(std::uint32_t value) {
  const auto exponent = static_cast<unsigned>(std::bit_width(value) - 1);
  const std::uint64_t mantissa = (std::uint64_t{value} << 32 >> exponent) & 0xffffffffu;
  const std::uint64_t below = kMantissaLogarithms[mantissa >> 24];
  const std::uint64_t above = kMantissaLogarithms[(mantissa >> 24) + 1];
  const std::uint64_t part = (above - below) * (mantissa & 0xffffffu) >> 24;
  return (std::uint64_t{exponent} << kFraction) + below + part;
}

std::uint64_t entropy_bits(const ByteHistogram& counts, std::size_t total) {
  std::uint64_t bits = total * logarithm(static_cast<std::uint32_t>(total));
  for (const std::uint32_t count : counts) {
    if (count > 0) bits -= count * logarithm(count);
  }
  return bits >> kFraction;
}

}  // namespace

StatisticalBlock first_block(Bytes input, std::size_t limit, std::size_t overhead_bits) {
  const Bytes window = input.first(std::min(limit, input.size()));
  const std::size_t first = std::min(kPiece, window.size());
  StatisticalBlock block{first, count_bytes(window.first(first))};
  std::uint64_t block_bits = entropy_bits(block.counts, block.size);
  while (block.size < window.size()) {
    const Bytes piece = window.subspan(block.size, std::min(kPiece, window.size() - block.size));
    const ByteHistogram piece_counts = count_bytes(piece);
    ByteHistogram together = block.counts;
    for (std::size_t i = 0; i < together.size(); ++i) together[i] += piece_counts[i];
    const std::uint64_t apart_bits = block_bits + entropy_bits(piece_counts, piece.size());
    const std::uint64_t together_bits = entropy_bits(together, block.size + piece.size());
    if (together_bits > apart_bits + overhead_bits) break;
    block = {block.size + piece.size(), together};
    block_bits = together_bits;
  }
  return block;
}

}  // namespace evalzip
