// The table of a code as text for people and as JSON for programs.
#pragma once

#include <string>

#include "codecs/code_table.h"

namespace evalzip {

// A byte as a reader of a table sees it: 0a \n, 41 A, 07; two hexadecimal digits, and the character
// where it can be shown.
std::string symbol_text(std::uint8_t symbol);

// "0110": the word of a symbol of a Huffman code.
std::string word_text(const CodedSymbol& coded);

// `name` is the file's, for the first line; it may hold any bytes.
std::string code_table_text(const CodeTable& table, const std::string& name);

// An object: coder, file, bytes, entropy_bits, expected_bits, redundancy_bits, total_bits of
// intervals, and symbols, each with symbol, count, probability, information_bits, length_bits, and
// word or low and width. Absent is absent.
std::string code_table_json(const CodeTable& table, const std::string& name);

}  // namespace evalzip
