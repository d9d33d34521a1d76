// The inner loops of the tensor coder, for this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "codecs/tensors/float_head.h"

namespace evalzip {

// Of the exponents that are not 0 in some rows or columns: arrays side by side, one element for
// each.
struct ExponentFacts {
  std::uint32_t *sum, *count;
  std::uint16_t *least, *greatest;  // as they were before, where there are none
};

// All give the same results. Any symbols, rests and packed bytes give some heads and numbers.
struct TensorKernels {
  std::string_view name;

  // The two highest bytes of each number of `width` bytes, and back into numbers.
  void (*read_heads)(const std::uint8_t* values, unsigned width, std::span<std::uint16_t> heads);
  void (*write_heads)(std::span<const std::uint16_t> heads, unsigned width, std::uint8_t* values);

  // Byte `plane` (0: the lowest) of each number of `width` bytes, and back into numbers.
  void (*read_plane)(const std::uint8_t* values, unsigned width, unsigned plane,
                     std::span<std::uint8_t> bytes);
  void (*write_plane)(std::span<const std::uint8_t> bytes, unsigned width, unsigned plane,
                      std::uint8_t* values);

  // Numbers of four bytes from their heads and the two planes below.
  void (*write_words)(std::span<const std::uint16_t> heads, const std::uint8_t* low,
                      const std::uint8_t* middle, std::uint8_t* values);

  KeyRange (*key_range)(const HeadCut& cut, std::span<const std::uint16_t> heads,
                        const Lifts& lifts);
  // Heads to as many symbols and rests, and back. To cut answers false, and the symbols are worth
  // nothing, unless every lifted key is 0 or within cut.first to cut.first + 254.
  bool (*cut_heads)(const HeadCut& cut, std::span<const std::uint16_t> heads, const Lifts& lifts,
                    std::uint8_t* symbols, std::uint8_t* rests);
  void (*join_heads)(const HeadCut& cut, std::span<const std::uint8_t> symbols,
                     const std::uint8_t* rests, const Lifts& lifts, std::uint16_t* heads);

  // Adds what is in whole rows to the facts about rows, or about columns.
  void (*survey_rows)(unsigned exponent_bits, std::span<const std::uint16_t> heads,
                      std::size_t columns, const ExponentFacts& facts);
  void (*survey_columns)(unsigned exponent_bits, std::span<const std::uint16_t> heads,
                         std::size_t columns, const ExponentFacts& facts);

  // Numbers below 2^bits, bits being 4, 6 or 8, to packed_size() bytes, and back. Parts of the
  // array lie side by side in a byte, not neighbours: of 4 bits two halves; of 6 bits three
  // quarters in a byte each, with two bits of the last quarter above them.
  void (*pack_bits)(std::span<const std::uint8_t> numbers, unsigned bits,
                    std::span<std::uint8_t> packed);
  void (*unpack_bits)(std::span<const std::uint8_t> packed, unsigned bits,
                      std::span<std::uint8_t> numbers);
};

constexpr std::size_t packed_size(std::size_t count, unsigned bits) {
  if (bits == 8) return count;
  return bits == 4 ? (count + 1) / 2 : 3 * ((count + 3) / 4);
}

// The last of those below.
const TensorKernels& portable_tensor_kernels();

// Those that this machine runs, the fastest first.
std::span<const TensorKernels> tensor_kernels();

}  // namespace evalzip
