// The inner loops of Huffman coding: many bit stacks that share one stream of 16-bit words.
//
// Read me first. Decoding one bit stream is a chain: where a symbol begins is known only when the
// one before it has been looked up. So a block is dealt out to lanes like cards, symbol i to lane
// i mod lanes, and the lanes are decoded side by side, in vector registers where there are any.
//
// A lane is a 32-bit number x >= 2^16 that holds code words as a stack, the highest 1 marking its
// bottom. The decoder takes a code word off the low end, first bit lowest, and shifts x right by
// its length; if x < 2^16 it then makes it x * 2^16 + the next word of the stream. The encoder does
// exactly the reverse, from the last symbol to the first: if x * 2^length would reach 2^32 it puts
// the low 16 bits of x before the words so far and shifts x right by 16; then it shifts x left by
// the length and adds the code word. (It is a rANS coder, Duda 2013, whose frequencies are powers
// of two; interleaving as by Giesen, 2014.) The lanes take their turns in order, so the stream
// needs no pointers, and x shows by itself when a word is due.
//
// Each kernel below gives the same bytes and reads the same bytes as every other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "codecs/huffman_code.h"

namespace evalzip {

inline constexpr std::uint32_t kLaneBottom = 1u << 16;  // the least x between two symbols
inline constexpr std::size_t kMostLanes = 128;
inline constexpr std::size_t kVectorLanes = 64;  // vector kernels take multiples of this many

// Where decoding stands. A round is one symbol for every lane.
struct LaneDecoding {
  std::span<std::uint32_t> lanes;  // each >= kLaneBottom
  const std::uint8_t* words;       // the next word, low byte first
  const std::uint8_t* words_end;
  std::uint8_t* output;  // room for `rounds` rounds
  std::size_t rounds;    // still to do
};

// Where encoding stands: the input ends where the symbols still to code end.
struct LaneEncoding {
  std::span<std::uint32_t> lanes;  // each >= kLaneBottom
  const std::uint8_t* input_end;   // `rounds` rounds lie before it
  std::size_t rounds;              // still to do
  std::uint8_t* words;             // the first word so far; words are put before it
};

struct HuffmanKernel {
  std::string_view name;
  // Decodes rounds until none is left or the words may not suffice for one more; never reads at or
  // after words_end, whatever the lanes and words hold. The number of lanes is a multiple of 4.
  void (*decode_rounds)(const CanonicalCode& code, LaneDecoding& at);
  // Encodes every round. The words must have room for 2 bytes per symbol.
  void (*encode_rounds)(const CanonicalCode& code, LaneEncoding& at);
};

// Those that this machine runs, the fastest first. The last one runs on every machine.
std::span<const HuffmanKernel> huffman_kernels();

// Decodes `at.rounds` rounds whose words may run out, checking every word. False if they do.
bool decode_rounds_carefully(const CanonicalCode& code, LaneDecoding& at);

// The kernels.
void decode_rounds_portable(const CanonicalCode& code, LaneDecoding& at);
void encode_rounds_portable(const CanonicalCode& code, LaneEncoding& at);
void decode_rounds_bmi2(const CanonicalCode& code, LaneDecoding& at);
void encode_rounds_bmi2(const CanonicalCode& code, LaneEncoding& at);
void decode_rounds_avx512(const CanonicalCode& code, LaneDecoding& at);
void encode_rounds_avx512(const CanonicalCode& code, LaneEncoding& at);

}  // namespace evalzip
