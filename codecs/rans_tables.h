// Frequency tables as bytes: which symbols occur, and how often of 2^bits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codecs/rans_frequencies.h"

namespace evalzip {

// Rows of order 1, by context byte. A context that never precedes a symbol has an all-zero row.
using FrequencyRows = std::vector<Frequencies>;

// A table read from bytes, and the first byte after it.
template <class Table>
struct ReadTable {
  Table table;
  const std::uint8_t* end;
};

// Appends a table whose frequencies sum to 2^bits.
void write_frequencies(const Frequencies& table, int bits, std::vector<std::uint8_t>& output);

// Absent unless the bytes are what write_frequencies gives for some table that sums to 2^bits.
std::optional<ReadTable<Frequencies>> read_frequencies(std::span<const std::uint8_t> input,
                                                       int bits);

// The same for 256 rows, each of which sums to 2^bits or is empty.
void write_rows(const FrequencyRows& rows, int bits, std::vector<std::uint8_t>& output);
std::optional<ReadTable<FrequencyRows>> read_rows(std::span<const std::uint8_t> input, int bits);

}  // namespace evalzip
