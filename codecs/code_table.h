// What a static order-0 code makes of a file: the table a textbook draws, with the very numbers
// that the coders here use.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "codecs/histogram.h"

namespace evalzip {

enum class CodeKind : std::uint8_t { huffman, rans, arithmetic };

std::string_view to_string(CodeKind kind);

struct CodedSymbol {
  std::uint8_t symbol = 0;
  std::uint64_t count = 0;
  double probability = 0;       // its share of the file
  double information_bits = 0;  // -log2 of it
  double length_bits = 0;       // what the code spends on it; Huffman: the length of the word
  std::uint32_t word = 0;       // Huffman: the code word, its last bit lowest
  // rANS and arithmetic: the symbol owns [low, low + width) of [0, 2^total_bits).
  std::uint32_t low = 0, width = 0;
};

// A file of at most one different byte has no code, because it needs none: the coders write it as a
// run. Then all lengths are 0.
struct CodeTable {
  CodeKind kind = CodeKind::huffman;
  std::uint64_t size = 0;            // bytes of the file
  int total_bits = 0;                // rANS and arithmetic, if there is a code
  std::vector<CodedSymbol> symbols;  // those that occur, the most frequent first, then by value
  double entropy_bits = 0;           // of a byte, on average
  double expected_bits = 0;          // that the code spends on a byte, on average

  double redundancy_bits() const { return expected_bits - entropy_bits; }
};

// One code for the whole file: canonical Huffman of at most kLongestCode bits, rANS at the
// precision that a block of this size has, or the arithmetic coder's static model.
CodeTable code_table(CodeKind kind, const ByteHistogram& counts);

}  // namespace evalzip
