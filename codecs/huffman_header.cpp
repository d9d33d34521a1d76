#include "codecs/huffman_header.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

#include "codecs/bit_io.h"

namespace evalzip {
namespace {

// The lengths are themselves coded by a Huffman code, whose own lengths take 3 bits each.
constexpr unsigned kLengthFieldBits = 4;  // holds 1..kLongestCode
constexpr unsigned kMetaFieldBits = 3;
constexpr unsigned kLongestMeta = 7;

// Elias gamma (1975): value >= 1 as the number of its bits less one in zeros, then the value.
void put_gamma(BitWriter& writer, std::uint32_t value) {
  const auto bits = static_cast<unsigned>(std::bit_width(value));
  writer.put(0, bits - 1);
  writer.put(value, bits);
}

// Nothing for a value of more than 9 bits: no run is longer than 256 symbols.
std::optional<std::uint32_t> get_gamma(BitReader& reader) {
  unsigned zeros = 0;
  while (reader.get(1) == 0) {
    if (++zeros > 8) return std::nullopt;
  }
  return 1u << zeros | reader.get(zeros);
}

// Runs of absent and present symbols in turn, the first of absent ones and so perhaps empty.
void put_presence(BitWriter& writer, const CodeLengths& lengths) {
  bool present = false;
  for (std::size_t begin = 0; begin < lengths.size(); present = !present) {
    std::size_t end = begin;
    while (end < lengths.size() && (lengths[end] != 0) == present) ++end;
    put_gamma(writer, static_cast<std::uint32_t>(end - begin + (begin == 0 && !present ? 1 : 0)));
    begin = end;
  }
}

// Marks present symbols by length 1.
std::optional<CodeLengths> get_presence(BitReader& reader) {
  CodeLengths present{};
  bool is_present = false;
  for (std::size_t begin = 0; begin < present.size(); is_present = !is_present) {
    const auto coded = get_gamma(reader);
    if (!coded) return std::nullopt;
    const std::size_t run = begin == 0 && !is_present ? *coded - 1 : *coded;
    if (run > present.size() - begin) return std::nullopt;
    std::fill_n(present.begin() + begin, run, static_cast<std::uint8_t>(is_present));
    begin += run;
  }
  return present;
}

ByteHistogram count_lengths(const CodeLengths& lengths) {
  ByteHistogram counts{};
  for (const std::uint8_t length : lengths) counts[length] += length != 0;
  return counts;
}

std::uint8_t get_symbol(BitReader& reader, const CanonicalCode& code) {
  std::uint32_t bits = 0;
  for (unsigned length = 1;; ++length) {
    bits |= reader.get(1) << (length - 1);
    const DecodedSymbol decoded = decode_symbol(code, bits);
    if (decoded.length <= length) return decoded.symbol;
  }
}

}  // namespace

std::vector<std::byte> write_code(const CanonicalCode& code) {
  BitWriter writer;
  put_presence(writer, code.lengths);
  unsigned shortest = 1;
  while (code.first_place[shortest + 1] == 0) ++shortest;
  writer.put(shortest, kLengthFieldBits);
  writer.put(code.longest, kLengthFieldBits);
  if (shortest == code.longest) return writer.bytes();

  const CodeLengths meta_lengths = optimal_code_lengths(count_lengths(code.lengths), kLongestMeta);
  for (unsigned length = shortest; length <= code.longest; ++length) {
    writer.put(meta_lengths[length], kMetaFieldBits);
  }
  const CanonicalCode meta = *canonical_code(meta_lengths);
  for (const std::uint8_t length : code.lengths) {
    if (length == 0) continue;
    for (unsigned i = 0; i < meta.lengths[length]; ++i) {
      writer.put(meta.reversed_words[length] >> i & 1u, 1);
    }
  }
  return writer.bytes();
}

Result<DescribedCode> read_code(Bytes input) {
  BitReader reader(input);
  auto lengths = get_presence(reader);
  if (!lengths) return Fault::corrupt_input;
  const unsigned shortest = reader.get(kLengthFieldBits);
  const unsigned longest = reader.get(kLengthFieldBits);
  if (shortest < 1 || shortest > longest || longest > kLongestCode) return Fault::corrupt_input;

  std::optional<CanonicalCode> meta;
  if (shortest < longest) {
    CodeLengths meta_lengths{};
    for (unsigned length = shortest; length <= longest; ++length) {
      meta_lengths[length] = static_cast<std::uint8_t>(reader.get(kMetaFieldBits));
    }
    meta = canonical_code(meta_lengths);
    if (!meta) return Fault::corrupt_input;
  }
  for (std::uint8_t& length : *lengths) {
    if (length == 0) continue;
    length = meta ? get_symbol(reader, *meta) : static_cast<std::uint8_t>(shortest);
  }
  if (!reader.within_input()) return Fault::corrupt_input;
  const auto code = canonical_code(*lengths);
  if (!code) return Fault::corrupt_input;
  return DescribedCode{*code, reader.bytes_read()};
}

}  // namespace evalzip
