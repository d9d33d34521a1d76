#include "weights/weight_difference.h"

#include <bit>
#include <cstring>

#include "codecs/little_endian.h"

namespace evalzip {
namespace {

bool is_float(const NumberFormat& numbers) {
  return numbers.fields.front().kind == Field::Kind::floats;
}

// Floats, which are sign and magnitude, to two's complement in the order of the numbers, -0 being
// -1; its own inverse.
template <class Word>
Word in_order(Word bits, bool is_float) {
  constexpr Word kSign = static_cast<Word>(Word{1} << (8 * sizeof(Word) - 1));
  if (!is_float || (bits & kSign) == 0) return bits;
  return static_cast<Word>(bits ^ static_cast<Word>(kSign - 1));
}

template <class Word>
Word zigzag(Word difference) {
  const bool negative = difference >> (8 * sizeof(Word) - 1) & 1;
  const auto twice = static_cast<Word>(difference << 1);
  return negative ? static_cast<Word>(~twice) : twice;
}

template <class Word>
Word from_zigzag(Word coded) {
  const auto half = static_cast<Word>(coded >> 1);
  return (coded & 1) != 0 ? static_cast<Word>(~half) : half;
}

template <class Word>
Word load(Bytes bytes, std::size_t at) {
  Word word;
  if constexpr (std::endian::native != std::endian::little)
    return load_little_endian<Word>(bytes, at);
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

template <class Word>
void store(Word word, MutableBytes bytes, std::size_t at) {
  if constexpr (std::endian::native != std::endian::little) {
    return store_little_endian(word, bytes.subspan(at));
  }
  std::memcpy(bytes.data() + at, &word, sizeof word);
}

template <class Word>
void take(bool floats, Bytes values, Bytes base, MutableBytes out) {
  for (std::size_t at = 0; at < out.size(); at += sizeof(Word)) {
    const Word value = in_order(load<Word>(values, at), floats);
    const Word from = in_order(load<Word>(base, at), floats);
    store(zigzag(static_cast<Word>(value - from)), out, at);
  }
}

template <class Word>
void add(bool floats, Bytes differences, Bytes base, MutableBytes out) {
  for (std::size_t at = 0; at < out.size(); at += sizeof(Word)) {
    const Word from = in_order(load<Word>(base, at), floats);
    const auto value = static_cast<Word>(from + from_zigzag(load<Word>(differences, at)));
    store(in_order(value, floats), out, at);
  }
}

// Calls act with a word of that many bytes.
template <class Act>
void with_word(unsigned bytes, Act act) {
  if (bytes == 1) return act(std::uint8_t{});
  if (bytes == 2) return act(std::uint16_t{});
  if (bytes == 4) return act(std::uint32_t{});
  act(std::uint64_t{});
}

}  // namespace

bool has_differences(const NumberFormat& numbers) {
  return numbers.block_numbers == 1 && std::has_single_bit(numbers.block_bytes) &&
         numbers.block_bytes <= 8;
}

std::size_t difference_format(const NumberFormat& numbers) {
  constexpr const char* kNames[] = {"i8", "i16", "i32", "i64"};
  return *number_format_called(kNames[std::countr_zero(numbers.block_bytes)]);
}

void take_differences(const NumberFormat& numbers, Bytes values, Bytes base, MutableBytes out) {
  with_word(numbers.block_bytes,
            [&](auto word) { take<decltype(word)>(is_float(numbers), values, base, out); });
}

void add_differences(const NumberFormat& numbers, Bytes differences, Bytes base, MutableBytes out) {
  with_word(numbers.block_bytes,
            [&](auto word) { add<decltype(word)>(is_float(numbers), differences, base, out); });
}

}  // namespace evalzip
