// What the rANS kernels look symbols up in, built from frequency tables.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "codecs/rans.h"
#include "codecs/rans_frequencies.h"
#include "codecs/rans_tables.h"

namespace evalzip {

// Order 0. Symbols are ranked by rising frequency, equal ones by rising value, and own their
// intervals of [0, 2^bits) in this order. Neighbours of like size let a kernel find the symbol
// of a slot with few, short tables (see rans_avx512_order0.cpp).
struct RankedModel {
  RankedModel(const Frequencies& frequencies, int bits);

  int bits;
  int size = 0;                            // ranks in use, at least 1
  std::array<std::uint8_t, 256> symbol{};  // by rank
  std::array<std::uint8_t, 256> rank{};    // by symbol
  std::array<std::uint16_t, 256> width{};  // by rank
  std::array<std::uint16_t, 256> low{};    // by rank
};

// Order 1, to encode: a context's symbols own its [0, 2^bits) in order of value. Packed as
// (low << 16 | width) at [symbol << 8 | context], the order in which the two bytes lie in memory.
using PairIntervals = std::array<std::uint32_t, 65536>;
void fill_pair_intervals(const FrequencyRows& rows, PairIntervals& intervals);

// Order 1, to decode: one entry per context and slot, at [context << bits | slot]:
// symbol << 24 | (slot - low) << 12 | width. A context without a row predicts byte 0 with
// certainty. `slots` has room for 256 << bits entries; bits <= kRansMostBits1.
void fill_pair_slots(const FrequencyRows& rows, int bits, std::uint32_t* slots);

}  // namespace evalzip
