#include "codecs/rans_models.h"

#include <algorithm>

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

void fill_pair_intervals(const FrequencyRows& rows, PairIntervals& intervals) {
  for (std::size_t context = 0; context < rows.size(); ++context) {
    std::uint32_t low = 0;
    for (std::size_t symbol = 0; symbol < 256; ++symbol) {
      const std::uint32_t width = rows[context][symbol];
      if (width == 0) continue;
      intervals[symbol << 8 | context] = low << 16 | width;
      low += width;
    }
  }
}

void fill_pair_slots(const FrequencyRows& rows, int bits, std::uint32_t* slots) {
  for (const Frequencies& row : rows) {
    std::uint32_t* const first = slots;
    std::uint32_t* const last = slots + (std::size_t{1} << bits);
    for (std::uint32_t symbol = 0; symbol < 256; ++symbol) {
      std::uint32_t entry = symbol << 24 | row[symbol];
      for (std::uint32_t i = 0; i < row[symbol]; ++i, entry += 1u << 12) *slots++ = entry;
    }
    if (slots == first) {
      for (std::uint32_t entry = 1u << bits; slots != last; entry += 1u << 12) *slots++ = entry;
    }
  }
}

}  // namespace evalzip
