// Canonical Huffman codes: code words from lengths alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "codecs/huffman_lengths.h"

namespace evalzip {

// Longest code word of the Huffman streams here, in bits.
inline constexpr unsigned kLongestCode = 13;

// A complete canonical code (Schwartz and Kallick, 1964): words of one length are consecutive
// numbers in symbol order, and a longer word, read as a fraction, is larger than a shorter one.
struct CanonicalCode {
  CodeLengths lengths{};
  // The code word with its first bit lowest: the order in which the streams hold it.
  std::array<std::uint16_t, 256> reversed_words{};
  std::array<std::uint8_t, 256> symbols{};  // that have a word, by ascending word; then zeros
  unsigned longest = 0;                     // bits

  // For each length: the first word of that length, and the place of its symbol in `symbols`.
  // A length without words has the number at which its first word would stand.
  std::array<std::uint32_t, kLongestCode + 2> first_word{};
  std::array<std::uint32_t, kLongestCode + 2> first_place{};
};

// Nothing unless at least two symbols have words, none is longer than kLongestCode, and the words
// fill the code space exactly (Kraft sum 1).
std::optional<CanonicalCode> canonical_code(const CodeLengths& lengths);

// One symbol off the low end of `bits`, which must hold `code.longest` valid bits. Bit by bit: the
// plain decoder for the few symbols that a table is not worth.
struct DecodedSymbol {
  std::uint8_t symbol;
  unsigned length;  // bits
};
DecodedSymbol decode_symbol(const CanonicalCode& code, std::uint32_t bits);

}  // namespace evalzip
