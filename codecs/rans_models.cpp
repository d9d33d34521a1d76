#include "codecs/rans_models.h"

#include <algorithm>
#include <array>

namespace evalzip {
namespace {

void fill_slots(const Frequencies& row, int bits, std::uint32_t* first) {
  std::uint32_t* slot = first;
  const auto fill = [&](std::uint32_t symbol, std::uint32_t width) {
    for (std::uint32_t place = 0; place < width; ++place) {
      slot[place] = symbol << 24 | place << 12 | width;
    }
    slot += width;
  };
  for (std::uint32_t symbol = 0; symbol < 256; ++symbol) fill(symbol, row[symbol]);
  if (slot == first) fill(0, 1u << bits);
}

}  // namespace

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

void PairModel::assign(const ContextRows& rows, int bits) {
  bits_ = bits;
  // Zeros once: a look-up of a pair that never comes may be done in vain, but not of garbage.
  if (!intervals_) intervals_ = std::make_unique<std::uint32_t[]>(kPairTableSize);
  for (std::uint32_t context = 0; context < 256; ++context) {
    if (!rows.used[context]) continue;
    const Frequencies& row = rows.of(context);
    std::uint32_t low = 0;
    for (std::uint32_t symbol = 0; symbol < 256; ++symbol) {
      const std::uint32_t width = row[symbol];
      if (width == 0) continue;
      intervals_[pair_at(symbol << 8 | context)] = low << 16 | width;
      low += width;
    }
  }
}

void PairSlots::assign(const ContextRows& rows, int bits) {
  if (bits > room_bits_) {
    slots_ = std::make_unique_for_overwrite<std::uint32_t[]>(std::size_t{256} << bits);
    room_bits_ = bits;
  }
  bits_ = bits;
  const std::uint32_t* shared = nullptr;
  const std::size_t size = std::size_t{1} << bits;
  for (std::size_t context = 0; context < 256; ++context) {
    if (!rows.used[context]) continue;
    std::uint32_t* const first = slots_.get() + (context << bits);
    if (!rows.has_own[context] && shared != nullptr) {
      std::copy_n(shared, size, first);
      continue;
    }
    fill_slots(rows.of(context), bits, first);
    if (!rows.has_own[context]) shared = first;
  }
}

}  // namespace evalzip
