// The scalar loops over the lanes, inlined into each kernel that differs only in instruction set.
#pragma once

#include <array>
#include <bit>
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

// Low byte first. g++ 12 does not join two byte stores here, so a machine of that order gets one.
inline void store_word(std::uint32_t word, std::uint8_t* to) {
  if constexpr (std::endian::native == std::endian::little) {
    const auto low = static_cast<std::uint16_t>(word);
    std::memcpy(to, &low, sizeof low);
  } else {
    to[0] = static_cast<std::uint8_t>(word);
    to[1] = static_cast<std::uint8_t>(word >> 8);
  }
}

struct TableDecoder {
  const DecodeEntry* table;
  std::uint32_t mask;  // of the bits that index the table
  const std::uint8_t* words;

  // A lane needs a word about every third symbol, at random: so no branch.
  [[gnu::always_inline]] std::uint8_t pop(std::uint32_t& state) {
    const DecodeEntry entry = table[state & mask];
    const std::uint32_t rest = state >> (entry & 31);
    // All ones if rest < kLaneBottom, else 0.
    const auto empty = static_cast<std::int64_t>(std::uint64_t{rest} - kLaneBottom) >> 63;
    state = rest << (empty & 16) | (load_word(words) & static_cast<std::uint32_t>(empty));
    words -= 2 * empty;
    return static_cast<std::uint8_t>(entry >> 8);
  }
};

// The number of lanes must be a multiple of 4.
[[gnu::always_inline]] inline void decode_rounds_loop(const CanonicalCode& code, LaneDecoding& at) {
  DecodeTable table;
  fill_decode_table(code, table);
  TableDecoder decoder{table.data(), (1u << code.longest) - 1, at.words};
  const std::size_t lanes = at.lanes.size();
  std::uint32_t* const states = at.lanes.data();
  std::uint8_t* output = at.output;
  std::size_t rounds = at.rounds;
  for (; rounds > 0 && static_cast<std::size_t>(at.words_end - decoder.words) >= 2 * lanes;
       --rounds) {
    for (std::size_t lane = 0; lane < lanes; lane += 4) {
      output[lane] = decoder.pop(states[lane]);
      output[lane + 1] = decoder.pop(states[lane + 1]);
      output[lane + 2] = decoder.pop(states[lane + 2]);
      output[lane + 3] = decoder.pop(states[lane + 3]);
    }
    output += lanes;
  }
  at.words = decoder.words;
  at.output = output;
  at.rounds = rounds;
}

struct EncodeEntry {
  std::uint32_t last;  // the largest x that has room for the code word
  std::uint16_t word;  // first bit lowest
  std::uint16_t length;
};
using EncodeTable = std::array<EncodeEntry, 256>;

inline void fill_encode_table(const CanonicalCode& code, EncodeTable& table) {
  for (std::size_t symbol = 0; symbol < table.size(); ++symbol) {
    const unsigned length = code.lengths[symbol];
    table[symbol] = {~0u >> length, code.reversed_words[symbol],
                     static_cast<std::uint16_t>(length)};
  }
}

struct TableEncoder {
  const EncodeEntry* table;
  std::uint8_t* words;

  [[gnu::always_inline]] void push(std::uint32_t& state, std::uint8_t symbol) {
    const EncodeEntry& entry = table[symbol];
    const std::uint32_t x = state;
    store_word(x, words - 2);
    // All ones if the word just stored must stay, else 0.
    const auto full = static_cast<std::int64_t>(std::uint64_t{entry.last} - x) >> 63;
    words += 2 * full;
    state = x >> (full & 16) << entry.length | entry.word;
  }
};

[[gnu::always_inline]] inline void encode_rounds_loop(const CanonicalCode& code, LaneEncoding& at) {
  EncodeTable table;
  fill_encode_table(code, table);
  TableEncoder encoder{table.data(), at.words};
  const std::size_t lanes = at.lanes.size();
  std::uint32_t* const states = at.lanes.data();
  const std::uint8_t* input = at.input_end;
  for (; at.rounds > 0; --at.rounds) {
    input -= lanes;
    std::size_t lane = lanes;
    for (; lane % 4 != 0; --lane) encoder.push(states[lane - 1], input[lane - 1]);
    for (; lane > 0; lane -= 4) {
      encoder.push(states[lane - 1], input[lane - 1]);
      encoder.push(states[lane - 2], input[lane - 2]);
      encoder.push(states[lane - 3], input[lane - 3]);
      encoder.push(states[lane - 4], input[lane - 4]);
    }
  }
  at.input_end = input;
  at.words = encoder.words;
}

}  // namespace evalzip
