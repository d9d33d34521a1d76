#include "codecs/huffman_code.h"

#include <algorithm>

namespace evalzip {
namespace {

std::uint16_t reverse(std::uint32_t word, unsigned length) {
  std::uint32_t reversed = 0;
  for (unsigned i = 0; i < length; ++i) reversed |= (word >> i & 1u) << (length - 1 - i);
  return static_cast<std::uint16_t>(reversed);
}

}  // namespace

std::optional<CanonicalCode> canonical_code(const CodeLengths& lengths) {
  std::array<std::uint32_t, kLongestCode + 1> words_of_length{};
  for (const std::uint8_t length : lengths) {
    if (length > kLongestCode) return std::nullopt;
    ++words_of_length[length];
  }
  if (lengths.size() - words_of_length[0] < 2) return std::nullopt;

  CanonicalCode code{.lengths = lengths};
  std::uint32_t word = 0, place = 0;
  for (unsigned length = 1; length <= kLongestCode; ++length) {
    word <<= 1;
    code.first_word[length] = word;
    code.first_place[length] = place;
    word += words_of_length[length];
    place += words_of_length[length];
    if (word > 1u << length) return std::nullopt;
    if (words_of_length[length] > 0) code.longest = length;
  }
  if (word != 1u << kLongestCode) return std::nullopt;
  code.first_place[kLongestCode + 1] = place;
  code.first_word[kLongestCode + 1] = word << 1;

  auto next_place = code.first_place;
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
    const unsigned length = lengths[symbol];
    if (length == 0) continue;
    const std::uint32_t at = next_place[length]++;
    code.symbols[at] = static_cast<std::uint8_t>(symbol);
    code.reversed_words[symbol] =
        reverse(code.first_word[length] + at - code.first_place[length], length);
  }
  return code;
}

DecodedSymbol decode_symbol(const CanonicalCode& code, std::uint32_t bits) {
  std::uint32_t word = 0;
  for (unsigned length = 1; length < code.longest; ++length) {
    word = word << 1 | (bits >> (length - 1) & 1u);
    const std::uint32_t place = code.first_place[length] + word - code.first_word[length];
    if (place < code.first_place[length + 1]) return {code.symbols[place], length};
  }
  word = word << 1 | (bits >> (code.longest - 1) & 1u);
  return {code.symbols[code.first_place[code.longest] + word - code.first_word[code.longest]],
          code.longest};
}

}  // namespace evalzip
