// The lanes in AVX-512 registers: 32 lanes a step, their low and their high halves in one register
// each. Nothing is gathered: the tables, at most 256 bytes each, lie in registers.
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>

#include "codecs/huffman_lanes.h"

namespace evalzip {
namespace {

// A table of 256 bytes in four registers.
struct ByteTable {
  __m512i quarters[4];
};

// The lanes of one register pair: element i of `low` and `high` is one lane's x.
struct Lanes32 {
  __m512i low, high;
};

// Bytes of two registers of 16-bit elements, first and second, lie packed as vpackuswb leaves them:
// eight of the first, eight of the second, and so on. This permutation of the eight 64-bit parts
// leads from there to lane order, and its inverse back.
[[gnu::target("avx512f,avx512bw")]] inline __m512i to_lane_order(__m512i packed) {
  return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), packed);
}

[[gnu::target("avx512f,avx512bw")]] inline __m512i to_packed_order(__m512i lanes) {
  return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7), lanes);
}

[[gnu::target("avx512f,avx512bw")]] ByteTable load_table(
    const std::array<std::uint8_t, 256>& from) {
  return {{_mm512_loadu_si512(&from[0]), _mm512_loadu_si512(&from[64]),
           _mm512_loadu_si512(&from[128]), _mm512_loadu_si512(&from[192])}};
}

[[gnu::target("avx512f,avx512bw,avx512vbmi"), gnu::always_inline]] inline __m512i look_up(
    const ByteTable& table, __m512i indices) {
  const __m512i below_128 = _mm512_permutex2var_epi8(table.quarters[0], indices, table.quarters[1]);
  const __m512i from_128 = _mm512_permutex2var_epi8(table.quarters[2], indices, table.quarters[3]);
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(indices), below_128, from_128);
}

[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i pack_low_bytes(
    __m512i first, __m512i second) {
  const __m512i low_byte = _mm512_set1_epi16(0xff);
  return _mm512_packus_epi16(_mm512_and_si512(first, low_byte), _mm512_and_si512(second, low_byte));
}

[[gnu::target("avx512f,avx512bw")]] Lanes32 load_lanes(const std::uint32_t* from) {
  alignas(64) std::array<std::uint16_t, 32> low, high;
  for (std::size_t i = 0; i < 32; ++i) {
    low[i] = static_cast<std::uint16_t>(from[i]);
    high[i] = static_cast<std::uint16_t>(from[i] >> 16);
  }
  return {_mm512_load_si512(low.data()), _mm512_load_si512(high.data())};
}

[[gnu::target("avx512f,avx512bw")]] void store_lanes(const Lanes32& lanes, std::uint32_t* to) {
  alignas(64) std::array<std::uint16_t, 32> low, high;
  _mm512_store_si512(low.data(), lanes.low);
  _mm512_store_si512(high.data(), lanes.high);
  for (std::size_t i = 0; i < 32; ++i) to[i] = static_cast<std::uint32_t>(high[i]) << 16 | low[i];
}

// ---- decoding

// Code words of 9 bits and more are told apart by comparing: kCompared lengths at most.
constexpr unsigned kTableBits = 8;
constexpr unsigned kCompared = kLongestCode - kTableBits;

struct DecodeVectors {
  ByteTable
      length;  // by the first 8 bits, first bit lowest: of the word there, or 8 if it is longer
  ByteTable
      symbol;  // by place in CanonicalCode::symbols, or by the first 8 bits if no word is longer
  __m512i place_of_word_0;  // by length: what to add to a word to have its symbol's place
  __m512i last[kCompared];  // the last 16 bits that begin with a word of at most 8, 9, ... bits
};

[[gnu::target("avx512f,avx512bw")]] DecodeVectors decode_vectors(const CanonicalCode& code) {
  std::array<std::uint8_t, 256> length, symbol{};
  length.fill(kTableBits);
  for (std::size_t s = 0; s < 256; ++s) {
    const unsigned bits = code.lengths[s];
    if (bits == 0 || bits > kTableBits) continue;
    for (std::size_t i = code.reversed_words[s]; i < 256; i += std::size_t{1} << bits) {
      length[i] = static_cast<std::uint8_t>(bits);
      symbol[i] = static_cast<std::uint8_t>(s);
    }
  }
  std::array<std::uint16_t, 32> place{};
  for (unsigned bits = 1; bits <= kLongestCode; ++bits) {
    place[bits] = static_cast<std::uint16_t>(code.first_place[bits] - code.first_word[bits]);
  }
  DecodeVectors vectors;
  vectors.length = load_table(length);
  vectors.symbol = load_table(code.longest <= kTableBits ? symbol : code.symbols);
  vectors.place_of_word_0 = _mm512_loadu_si512(place.data());
  for (unsigned i = 0; i < kCompared; ++i) {
    const unsigned longer = kTableBits + 1 + i;
    const std::uint32_t end = code.first_word[longer] << (16 - longer);
    vectors.last[i] = _mm512_set1_epi16(static_cast<short>(end - 1));
  }
  return vectors;
}

[[gnu::target("avx512f,avx512bw,gfni"), gnu::always_inline]] inline __m512i reverse_bits(
    __m512i words) {
  const __m512i bytes_reversed = _mm512_gf2p8affine_epi64_epi8(
      words, _mm512_set1_epi64(static_cast<long long>(0x8040201008040201)), 0);
  return _mm512_or_si512(_mm512_slli_epi16(bytes_reversed, 8),
                         _mm512_srli_epi16(bytes_reversed, 8));
}

// How many bits beyond 8 the word at the start of each element has.
template <unsigned kLevels>
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i bits_beyond_table(
    const DecodeVectors& vectors, __m512i first_bit_highest) {
  const __m512i one = _mm512_set1_epi16(1);
  __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();
  for (unsigned i = 0; i < kLevels; ++i) {
    const __mmask32 longer = _mm512_cmpgt_epu16_mask(first_bit_highest, vectors.last[i]);
    __m512i& sum = i % 2 == 0 ? even : odd;
    sum = _mm512_mask_add_epi16(sum, longer, sum, one);
  }
  return _mm512_add_epi16(even, odd);
}

[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i symbol_places(
    const DecodeVectors& vectors, __m512i first_bit_highest, __m512i lengths) {
  const __m512i word =
      _mm512_srlv_epi16(first_bit_highest, _mm512_sub_epi16(_mm512_set1_epi16(16), lengths));
  return _mm512_add_epi16(word, _mm512_permutexvar_epi16(lengths, vectors.place_of_word_0));
}

[[gnu::target("avx512f,avx512bw,avx512vbmi2"), gnu::always_inline]] inline const std::uint8_t* pop(
    Lanes32& lanes, __m512i lengths, const std::uint8_t* words) {
  const __m512i low = _mm512_shrdv_epi16(lanes.low, lanes.high, lengths);
  const __m512i high = _mm512_srlv_epi16(lanes.high, lengths);
  const __mmask32 empty = _mm512_testn_epi16_mask(high, high);
  lanes.high = _mm512_mask_mov_epi16(high, empty, low);
  lanes.low = _mm512_mask_expand_epi16(low, empty, _mm512_loadu_si512(words));
  return words + 2 * std::popcount(_cvtmask32_u32(empty));
}

// One symbol of each of 64 lanes. kLevels = max(0, longest code word - 8), or more.
template <unsigned kLevels>
[[gnu::target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,gfni,popcnt"),
  gnu::always_inline]] inline const std::uint8_t*
decode_64(const DecodeVectors& vectors, Lanes32& first, Lanes32& second, const std::uint8_t* words,
          std::uint8_t* output) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i prefixes = pack_low_bytes(first.low, second.low);
  const __m512i table_lengths = look_up(vectors.length, prefixes);
  __m512i first_lengths = _mm512_unpacklo_epi8(table_lengths, zero);
  __m512i second_lengths = _mm512_unpackhi_epi8(table_lengths, zero);
  __m512i symbol_index = prefixes;
  if constexpr (kLevels > 0) {
    const __m512i first_bits = reverse_bits(first.low), second_bits = reverse_bits(second.low);
    first_lengths =
        _mm512_add_epi16(first_lengths, bits_beyond_table<kLevels>(vectors, first_bits));
    second_lengths =
        _mm512_add_epi16(second_lengths, bits_beyond_table<kLevels>(vectors, second_bits));
    symbol_index = _mm512_packus_epi16(symbol_places(vectors, first_bits, first_lengths),
                                       symbol_places(vectors, second_bits, second_lengths));
  }
  _mm512_storeu_si512(output, to_lane_order(look_up(vectors.symbol, symbol_index)));
  words = pop(first, first_lengths, words);
  return pop(second, second_lengths, words);
}

template <unsigned kLevels>
[[gnu::target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,gfni,popcnt")]] void decode_64_lanes(
    const CanonicalCode& code, LaneDecoding& at) {
  const DecodeVectors vectors = decode_vectors(code);
  std::uint32_t* const states = at.lanes.data();
  Lanes32 a = load_lanes(states), b = load_lanes(states + 32);
  for (; at.rounds > 0 && at.words_end - at.words >= 128; --at.rounds) {
    at.words = decode_64<kLevels>(vectors, a, b, at.words, at.output);
    at.output += 64;
  }
  store_lanes(a, states);
  store_lanes(b, states + 32);
}

template <unsigned kLevels>
[[gnu::target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,gfni,popcnt")]] void decode_128_lanes(
    const CanonicalCode& code, LaneDecoding& at) {
  const DecodeVectors vectors = decode_vectors(code);
  std::uint32_t* const states = at.lanes.data();
  Lanes32 a = load_lanes(states), b = load_lanes(states + 32);
  Lanes32 c = load_lanes(states + 64), d = load_lanes(states + 96);
  const std::uint8_t* words = at.words;
  std::uint8_t* output = at.output;
  std::size_t rounds = at.rounds;
  for (; rounds > 0 && at.words_end - words >= 256; --rounds) {
    words = decode_64<kLevels>(vectors, a, b, words, output);
    words = decode_64<kLevels>(vectors, c, d, words, output + 64);
    output += 128;
  }
  at.words = words;
  at.output = output;
  at.rounds = rounds;
  store_lanes(a, states);
  store_lanes(b, states + 32);
  store_lanes(c, states + 64);
  store_lanes(d, states + 96);
}

template <unsigned kLevels>
void decode_lanes(const CanonicalCode& code, LaneDecoding& at) {
  at.lanes.size() == 64 ? decode_64_lanes<kLevels>(code, at) : decode_128_lanes<kLevels>(code, at);
}

// ---- encoding

struct EncodeVectors {
  ByteTable length, word_low, word_high;  // by symbol
};

[[gnu::target("avx512f,avx512bw")]] EncodeVectors encode_vectors(const CanonicalCode& code) {
  std::array<std::uint8_t, 256> low, high;
  for (std::size_t symbol = 0; symbol < 256; ++symbol) {
    low[symbol] = static_cast<std::uint8_t>(code.reversed_words[symbol]);
    high[symbol] = static_cast<std::uint8_t>(code.reversed_words[symbol] >> 8);
  }
  return {load_table(code.lengths), load_table(low), load_table(high)};
}

[[gnu::target("avx512f,avx512bw,avx512vbmi2,bmi2"), gnu::always_inline]] inline std::uint8_t* push(
    Lanes32& lanes, __m512i lengths, __m512i code_words, std::uint8_t* words) {
  // x * 2^length >= 2^32, seen in the high half alone.
  const __m512i room = _mm512_sub_epi16(_mm512_set1_epi16(16), lengths);
  const __m512i excess = _mm512_srlv_epi16(lanes.high, room);
  const __mmask32 full = _mm512_test_epi16_mask(excess, excess);
  const unsigned count = static_cast<unsigned>(std::popcount(_cvtmask32_u32(full)));
  words -= 2 * count;
  _mm512_mask_storeu_epi16(words, _cvtu32_mask32(_bzhi_u32(~0u, count)),
                           _mm512_maskz_compress_epi16(full, lanes.low));
  const __m512i low = _mm512_mask_mov_epi16(lanes.low, full, lanes.high);
  const __m512i high = _mm512_maskz_mov_epi16(_knot_mask32(full), lanes.high);
  lanes.high = _mm512_shldv_epi16(high, low, lengths);
  lanes.low = _mm512_or_si512(_mm512_sllv_epi16(low, lengths), code_words);
  return words;
}

[[gnu::target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi2,popcnt"),
  gnu::always_inline]] inline std::uint8_t*
encode_64(const EncodeVectors& vectors, Lanes32& first, Lanes32& second, const std::uint8_t* input,
          std::uint8_t* words) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i symbols = to_packed_order(_mm512_loadu_si512(input));
  const __m512i lengths = look_up(vectors.length, symbols);
  const __m512i low = look_up(vectors.word_low, symbols);
  const __m512i high = look_up(vectors.word_high, symbols);
  words = push(second, _mm512_unpackhi_epi8(lengths, zero), _mm512_unpackhi_epi8(low, high), words);
  return push(first, _mm512_unpacklo_epi8(lengths, zero), _mm512_unpacklo_epi8(low, high), words);
}

[[gnu::target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi2,popcnt")]] void encode_64_lanes(
    const CanonicalCode& code, LaneEncoding& at) {
  const EncodeVectors vectors = encode_vectors(code);
  std::uint32_t* const states = at.lanes.data();
  Lanes32 a = load_lanes(states), b = load_lanes(states + 32);
  for (; at.rounds > 0; --at.rounds) {
    at.input_end -= 64;
    at.words = encode_64(vectors, a, b, at.input_end, at.words);
  }
  store_lanes(a, states);
  store_lanes(b, states + 32);
}

[[gnu::target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi2,popcnt")]] void encode_128_lanes(
    const CanonicalCode& code, LaneEncoding& at) {
  const EncodeVectors vectors = encode_vectors(code);
  std::uint32_t* const states = at.lanes.data();
  Lanes32 a = load_lanes(states), b = load_lanes(states + 32);
  Lanes32 c = load_lanes(states + 64), d = load_lanes(states + 96);
  std::uint8_t* words = at.words;
  for (; at.rounds > 0; --at.rounds) {
    at.input_end -= 128;
    words = encode_64(vectors, c, d, at.input_end + 64, words);
    words = encode_64(vectors, a, b, at.input_end, words);
  }
  at.words = words;
  store_lanes(a, states);
  store_lanes(b, states + 32);
  store_lanes(c, states + 64);
  store_lanes(d, states + 96);
}

}  // namespace

void decode_rounds_avx512(const CanonicalCode& code, LaneDecoding& at) {
  if (at.lanes.size() % kVectorLanes != 0) return decode_rounds_bmi2(code, at);
  if (code.longest <= kTableBits) return decode_lanes<0>(code, at);
  if (code.longest <= kTableBits + 3) return decode_lanes<3>(code, at);
  decode_lanes<kCompared>(code, at);
}

void encode_rounds_avx512(const CanonicalCode& code, LaneEncoding& at) {
  if (at.lanes.size() % kVectorLanes != 0) return encode_rounds_bmi2(code, at);
  at.lanes.size() == 64 ? encode_64_lanes(code, at) : encode_128_lanes(code, at);
}

}  // namespace evalzip
