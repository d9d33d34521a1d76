#include "codecs/tensors/number_difference.h"

#include <bit>
#include <cstring>

#include "codecs/little_endian.h"

namespace evalzip {
namespace {

bool is_float(const NumberFormat& numbers) {
  return numbers.fields.front().kind == Field::Kind::floats;
}

// The loops below have no branches, so that a compiler makes them wide.

// All bits set if the highest is.
template <class Word>
Word sign_mask(Word bits) {
  return static_cast<Word>(0 - (bits >> (8 * sizeof(Word) - 1)));
}

// Floats, which are sign and magnitude, to two's complement in the order of the numbers, -0 being
// -1; its own inverse.
template <bool kFloats, class Word>
Word in_order(Word bits) {
  if constexpr (!kFloats) return bits;
  return static_cast<Word>(bits ^ (sign_mask(bits) >> 1));
}

template <class Word>
Word zigzag(Word difference) {
  return static_cast<Word>(static_cast<Word>(difference << 1) ^ sign_mask(difference));
}

template <class Word>
Word from_zigzag(Word coded) {
  return static_cast<Word>((coded >> 1) ^ (0 - (coded & 1)));
}

// As std::bit_width, for several numbers at once.
template <class Word>
std::uint32_t bits_of(Word number) {
  if constexpr (sizeof(Word) == 8) return static_cast<std::uint32_t>(std::bit_width(number));
  Word width = 0;
  for (unsigned bit = 0; bit < 8 * sizeof(Word); ++bit) {
    width = static_cast<Word>(width + (static_cast<Word>(number >> bit) != 0));
  }
  return static_cast<std::uint32_t>(width);
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

template <bool kFloats, class Word>
void take(Bytes values, Bytes base, MutableBytes out) {
  for (std::size_t at = 0; at < out.size(); at += sizeof(Word)) {
    const Word value = in_order<kFloats>(load<Word>(values, at));
    const Word from = in_order<kFloats>(load<Word>(base, at));
    store(zigzag(static_cast<Word>(value - from)), out, at);
  }
}

template <bool kFloats, class Word>
std::uint64_t bits(Bytes values, Bytes base) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < values.size(); at += sizeof(Word)) {
    const Word value = in_order<kFloats>(load<Word>(values, at));
    const Word from = in_order<kFloats>(load<Word>(base, at));
    sum += bits_of(zigzag(static_cast<Word>(value - from)));
  }
  return sum;
}

template <bool kFloats, class Word>
void add(Bytes differences, Bytes base, MutableBytes out) {
  for (std::size_t at = 0; at < out.size(); at += sizeof(Word)) {
    const Word from = in_order<kFloats>(load<Word>(base, at));
    const auto value = static_cast<Word>(from + from_zigzag(load<Word>(differences, at)));
    store(in_order<kFloats>(value), out, at);
  }
}

// Calls act.operator()<is float, word of that many bytes>().
template <class Act>
void with_word(const NumberFormat& numbers, Act act) {
  const bool floats = is_float(numbers);
  switch (numbers.block_bytes) {
    case 1:
      return act.template operator()<false, std::uint8_t>();
    case 2:
      return floats ? act.template operator()<true, std::uint16_t>()
                    : act.template operator()<false, std::uint16_t>();
    case 4:
      return floats ? act.template operator()<true, std::uint32_t>()
                    : act.template operator()<false, std::uint32_t>();
    default:
      return floats ? act.template operator()<true, std::uint64_t>()
                    : act.template operator()<false, std::uint64_t>();
  }
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

std::uint64_t difference_bits(const NumberFormat& numbers, Bytes values, Bytes base) {
  std::uint64_t sum = 0;
  with_word(numbers, [&]<bool kFloats, class Word>() { sum = bits<kFloats, Word>(values, base); });
  return sum;
}

void take_differences(const NumberFormat& numbers, Bytes values, Bytes base, MutableBytes out) {
  with_word(numbers, [&]<bool kFloats, class Word>() { take<kFloats, Word>(values, base, out); });
}

void add_differences(const NumberFormat& numbers, Bytes differences, Bytes base, MutableBytes out) {
  with_word(numbers,
            [&]<bool kFloats, class Word>() { add<kFloats, Word>(differences, base, out); });
}

}  // namespace evalzip
