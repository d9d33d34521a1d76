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

// Where a table by pairs of bytes holds a pair, given as symbol << 8 | context, the order in which
// the two bytes lie in memory. Rows are 16 entries longer than they need be: were they as long as a
// power of two, the entries of one context would all compete for the same few sets of a cache.
inline constexpr std::size_t kPairTableSize = 256 * 272;
inline std::uint32_t pair_at(std::uint32_t pair) { return pair + (pair >> 4 & 0xff0); }

// Order 1: a context's symbols own its [0, 2^bits) in order of value. A context without a row
// predicts byte 0 with certainty. Keeps its memory; an entry of a pair that the rows do not have is
// void.
class PairModel {
 public:
  void assign(const ContextRows& rows, int bits);

  int bits() const { return bits_; }

  // To encode: low << 16 | width at [pair_at(symbol << 8 | context)].
  const std::uint32_t* intervals() const { return intervals_.get(); }
  static RansInterval unpack(std::uint32_t packed) { return {packed >> 16, packed & 0xffff}; }

 private:
  int bits_ = 0;
  std::unique_ptr<std::uint32_t[]> intervals_;
};

// To decode: what one look-up tells about a slot of a context.
struct PairSlot {
  static constexpr std::uint32_t kField = 0xfff;

  std::uint32_t symbol, place, width;  // place is slot - low

  static PairSlot unpack(std::uint32_t packed) {
    return {packed >> 24, packed >> 12 & kField, packed & kField};
  }
};

// symbol << 24 | place << 12 | width at [context << bits | slot], for every context of the
// alphabet. Keeps its memory.
class PairSlots {
 public:
  void assign(const ContextRows& rows, int bits);

  int bits() const { return bits_; }
  const std::uint32_t* slots() const { return slots_.get(); }

 private:
  int bits_ = 0, room_bits_ = 0;
  std::unique_ptr<std::uint32_t[]> slots_;
};

}  // namespace evalzip
