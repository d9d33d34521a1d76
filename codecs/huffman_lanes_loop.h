// The scalar loops over the lanes, inlined into each kernel that differs only in instruction set.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "codecs/huffman_lanes.h"

namespace evalzip {

// Entry of the decoding table: the symbol above the length of its code word.
using DecodeEntry = std::uint16_t;
using DecodeTable = std::array<DecodeEntry, 1u << kLongestCode>;

// Fills the 2^code.longest entries that start with each code word.
inline void fill_decode_table(const CanonicalCode& code, DecodeTable& table) {
  for (std::size_t symbol = 0; symbol < 256; ++symbol) {
    const unsigned length = code.lengths[symbol];
    if (length == 0) continue;
    const auto entry = static_cast<DecodeEntry>(symbol << 8 | length);
    for (std::size_t i = code.reversed_words[symbol]; i < 1u << code.longest; i += 1u << length) {
      table[i] = entry;
    }
  }
}

inline std::uint32_t load_word(const std::uint8_t* from) {
  return static_cast<std::uint32_t>(from[0] | from[1] << 8);
}

// A lane needs a word about every third symbol, at random: so no branch.
[[gnu::always_inline]] inline void decode_rounds_loop(const CanonicalCode& code, LaneDecoding& at) {
  DecodeTable table;
  fill_decode_table(code, table);
  const std::uint32_t mask = (1u << code.longest) - 1;
  const std::size_t lanes = at.lanes.size();
  std::uint32_t* const states = at.lanes.data();
  const std::uint8_t* words = at.words;
  std::uint8_t* output = at.output;
  std::size_t rounds = at.rounds;
  for (; rounds > 0 && static_cast<std::size_t>(at.words_end - words) >= 2 * lanes; --rounds) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::uint32_t state = states[lane];
      const DecodeEntry entry = table[state & mask];
      output[lane] = static_cast<std::uint8_t>(entry >> 8);
      const std::uint32_t rest = state >> (entry & 31);
      const std::uint32_t empty = rest < kLaneBottom ? 1 : 0;
      states[lane] = rest << (16 * empty) | (load_word(words) & (0 - empty));
      words += 2 * empty;
    }
    output += lanes;
  }
  at.words = words;
  at.output = output;
  at.rounds = rounds;
}

[[gnu::always_inline]] inline void encode_rounds_loop(const CanonicalCode& code, LaneEncoding& at) {
  std::array<std::uint32_t, 256> table;
  for (std::size_t symbol = 0; symbol < 256; ++symbol) {
    table[symbol] =
        static_cast<std::uint32_t>(code.reversed_words[symbol]) << 8 | code.lengths[symbol];
  }
  const std::size_t lanes = at.lanes.size();
  std::uint32_t* const states = at.lanes.data();
  std::uint8_t* words = at.words;
  for (; at.rounds > 0; --at.rounds) {
    at.input_end -= lanes;
    for (std::size_t lane = lanes; lane-- > 0;) {
      const std::uint32_t entry = table[at.input_end[lane]];
      const unsigned length = entry & 31;
      const std::uint32_t state = states[lane];
      words[-2] = static_cast<std::uint8_t>(state);
      words[-1] = static_cast<std::uint8_t>(state >> 8);
      const std::uint32_t full = state >> (32 - length) != 0 ? 1 : 0;
      words -= 2 * full;
      states[lane] = state >> (16 * full) << length | entry >> 8;
    }
  }
  at.words = words;
}

}  // namespace evalzip
