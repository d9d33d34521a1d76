// Frequency tables as bytes: which symbols occur, and how often of 2^bits.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/rans_decisions.h"
#include "codecs/rans_frequencies.h"

namespace evalzip {

// Rows of order 1. A context has a row of its own or the shared one; if there is none, nothing ever
// follows it.
struct ContextRows {
  std::array<bool, 256> used{};     // the alphabet: 0 and every symbol of a row, every context
  std::array<bool, 256> has_own{};  // of contexts
  bool has_shared = false;
  std::vector<Frequencies> own = std::vector<Frequencies>(256);  // void where there is none
  Frequencies shared{};

  const Frequencies& of(std::size_t context) const {
    return has_own[context] ? own[context] : shared;
  }
};

// Appends a table whose frequencies sum to 2^bits.
void write_frequencies(const Frequencies& table, int bits, DecisionWriter& writer,
                       std::vector<std::uint8_t>& output);

// Reads such a table and moves `input` past it. False unless the bytes are what write_frequencies
// gives for some table that sums to 2^bits.
bool read_frequencies(std::span<const std::uint8_t>& input, int bits, Frequencies& table);

// The same for rows, each of which sums to 2^bits.
void write_rows(const ContextRows& rows, int bits, DecisionWriter& writer,
                std::vector<std::uint8_t>& output);
bool read_rows(std::span<const std::uint8_t>& input, int bits, ContextRows& rows);

}  // namespace evalzip
