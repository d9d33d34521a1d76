#include "codecs/rans_models.h"

#include <algorithm>
#include <array>

namespace evalzip {

RankedModel::RankedModel(const Frequencies& frequencies, int total_bits) : bits(total_bits) {
  for (std::size_t s = 0; s < frequencies.size(); ++s) {
    if (frequencies[s] != 0) symbol[size++] = static_cast<std::uint8_t>(s);
  }
  std::stable_sort(symbol.begin(), symbol.begin() + size,
                   [&](std::uint8_t a, std::uint8_t b) { return frequencies[a] < frequencies[b]; });
  std::uint32_t sum = 0;
  for (int r = 0; r < size; ++r) {
    rank[symbol[r]] = static_cast<std::uint8_t>(r);
    width[r] = frequencies[symbol[r]];
    low[r] = static_cast<std::uint16_t>(sum);
    sum += width[r];
  }
}

PairModel::PairModel(const FrequencyRows& rows, int bits)
    : bits_(bits), intervals_(kPairTableSize) {
  for (std::uint32_t context = 0; context < 256; ++context) {
    std::uint32_t low = 0;
    for (std::uint32_t symbol = 0; symbol < 256; ++symbol) {
      const std::uint32_t width = rows[context][symbol];
      if (width == 0) continue;
      intervals_[pair_at(symbol << 8 | context)] = low << 16 | width;
      low += width;
    }
  }
}

void PairSlots::assign(const FrequencyRows& rows, int bits) {
  if (bits > bits_)
    slots_ = std::make_unique_for_overwrite<std::uint32_t[]>(std::size_t{256} << bits);
  bits_ = bits;
  std::array<bool, 256> reachable{true};
  for (const Frequencies& row : rows) {
    for (std::size_t symbol = 0; symbol < 256; ++symbol) reachable[symbol] |= row[symbol] != 0;
  }
  for (std::size_t context = 0; context < 256; ++context) {
    if (!reachable[context]) continue;
    std::uint32_t* const first = slots_.get() + (context << bits);
    std::uint32_t* slot = first;
    const auto fill = [&](std::uint32_t symbol, std::uint32_t width) {
      for (std::uint32_t place = 0; place < width; ++place) {
        slot[place] = symbol << 24 | place << 12 | width;
      }
      slot += width;
    };
    for (std::uint32_t symbol = 0; symbol < 256; ++symbol) fill(symbol, rows[context][symbol]);
    if (slot == first) fill(0, 1u << bits);
  }
}

}  // namespace evalzip
