// The loops over the numbers of a tensor, for files that compile them for one instruction set each:
// all is inlined into their functions. No loop has a branch, so that a compiler makes it wide.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "codecs/tensors/tensor_kernels.h"

namespace evalzip::tensor_loops {

using Octets = std::span<const std::uint8_t>;
using MutableOctets = std::span<std::uint8_t>;
using Heads = std::span<const std::uint16_t>;

// The two highest bytes of each number of `width` bytes.
[[gnu::always_inline]] inline void read_heads(const std::uint8_t* values, unsigned width,
                                              std::span<std::uint16_t> heads) {
  if (heads.empty()) return;  // memcpy wants addresses even then
  if (std::endian::native == std::endian::little && width == 2) {
    std::memcpy(heads.data(), values, 2 * heads.size());
    return;
  }
  if (std::endian::native == std::endian::little && width == 4) {
    for (std::size_t i = 0; i < heads.size(); ++i) {
      std::uint32_t word;
      std::memcpy(&word, values + 4 * i, sizeof word);
      heads[i] = static_cast<std::uint16_t>(word >> 16);
    }
    return;
  }
  const std::uint8_t* at = values + width - 2;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    heads[i] = static_cast<std::uint16_t>(at[i * width] | at[i * width + 1] << 8);
  }
}

[[gnu::always_inline]] inline void write_heads(Heads heads, unsigned width, std::uint8_t* values) {
  if (heads.empty()) return;
  if (std::endian::native == std::endian::little && width == 2) {
    std::memcpy(values, heads.data(), 2 * heads.size());
    return;
  }
  std::uint8_t* at = values + width - 2;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    at[i * width] = static_cast<std::uint8_t>(heads[i]);
    at[i * width + 1] = static_cast<std::uint8_t>(heads[i] >> 8);
  }
}

[[gnu::always_inline]] inline void read_plane(const std::uint8_t* values, unsigned width,
                                              unsigned plane, MutableOctets bytes) {
  if (std::endian::native == std::endian::little && width == 4) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::uint32_t word;
      std::memcpy(&word, values + 4 * i, sizeof word);
      bytes[i] = static_cast<std::uint8_t>(word >> (8 * plane));
    }
    return;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = values[i * width + plane];
}

[[gnu::always_inline]] inline void write_plane(Octets bytes, unsigned width, unsigned plane,
                                               std::uint8_t* values) {
  for (std::size_t i = 0; i < bytes.size(); ++i) values[i * width + plane] = bytes[i];
}

[[gnu::always_inline]] inline void write_words(Heads heads, const std::uint8_t* low,
                                               const std::uint8_t* middle, std::uint8_t* values) {
  if (std::endian::native != std::endian::little) {
    write_heads(heads, 4, values);
    write_plane({low, heads.size()}, 4, 0, values);
    write_plane({middle, heads.size()}, 4, 1, values);
    return;
  }
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const std::uint32_t word = static_cast<std::uint32_t>(heads[i]) << 16 |
                               static_cast<std::uint32_t>(middle[i]) << 8 | low[i];
    std::memcpy(values + 4 * i, &word, sizeof word);
  }
}

// In the loops below `lift(i)` answers what to add to the key of head i of a row.

// False if a key has no symbol.
template <class Lift>
[[gnu::always_inline]] inline bool cut(const HeadCut& how, Heads heads, Lift lift,
                                       std::uint8_t* symbols, std::uint8_t* rests) {
  const auto shift = static_cast<std::uint16_t>(how.key_shift());
  const auto mask = static_cast<std::uint16_t>(how.key_mask());
  const auto before_first = static_cast<std::uint16_t>(how.first - 1);
  const auto low = static_cast<std::uint16_t>((1u << shift) - 1);
  std::uint16_t wrong = 0;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const std::uint16_t head = heads[i];
    const auto key = static_cast<std::uint16_t>((head >> shift) & mask);
    const auto lifted = static_cast<std::uint16_t>(key + lift(i) - before_first);
    const auto symbol = static_cast<std::uint16_t>(key == 0 ? 0 : lifted);
    // Less 1, so that a symbol of 0 is too large, as one above 255 is; but 0 for a key of 0.
    const auto excess = static_cast<std::uint16_t>(lifted - 1);
    wrong = static_cast<std::uint16_t>(wrong | (key == 0 ? 0 : excess >= 255));
    symbols[i] = static_cast<std::uint8_t>(symbol);
    rests[i] = static_cast<std::uint8_t>((head >> 15) << shift | (head & low));
  }
  return wrong == 0;
}

template <class Lift>
[[gnu::always_inline]] inline void join(const HeadCut& how, std::span<const std::uint8_t> symbols,
                                        const std::uint8_t* rests, Lift lift,
                                        std::uint16_t* heads) {
  const auto shift = static_cast<std::uint16_t>(how.key_shift());
  const auto mask = static_cast<std::uint16_t>(how.key_mask());
  const auto before_first = static_cast<std::uint16_t>(how.first - 1);
  const auto low = static_cast<std::uint16_t>((1u << shift) - 1);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const std::uint16_t symbol = symbols[i], rest = rests[i];
    const auto lifted = static_cast<std::uint16_t>((symbol + before_first - lift(i)) & mask);
    const auto key = static_cast<std::uint16_t>(symbol == 0 ? 0 : lifted);
    heads[i] = static_cast<std::uint16_t>((rest >> shift & 1) << 15 | key << shift | (rest & low));
  }
}

struct Extremes {
  std::uint16_t least = std::numeric_limits<std::uint16_t>::max();  // less 1
  std::uint16_t greatest = 0;
};

template <class Lift>
[[gnu::always_inline]] inline void widen(const HeadCut& how, Heads heads, Lift lift,
                                         Extremes& seen) {
  const auto shift = static_cast<std::uint16_t>(how.key_shift());
  const auto mask = static_cast<std::uint16_t>(how.key_mask());
  std::uint16_t least = seen.least, greatest = seen.greatest;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const auto key = static_cast<std::uint16_t>((heads[i] >> shift) & mask);
    const auto lifted = static_cast<std::uint16_t>(key == 0 ? 0 : key + lift(i));
    // Less 1, so that 0 is the last.
    least = std::min(least, static_cast<std::uint16_t>(lifted - 1));
    greatest = std::max(greatest, lifted);
  }
  seen = {.least = least, .greatest = greatest};
}

constexpr auto kNoLift = [](std::size_t) { return std::uint16_t{0}; };

// Calls act(begin, size, lift) for the whole of `count` heads or for row after row.
template <class Act>
[[gnu::always_inline]] inline void for_each_row(const HeadCut& how, const Lifts& lifts,
                                                std::size_t count, Act act) {
  if (lifts.of == Lifts::Of::nothing) return act(0, count, kNoLift);
  const std::size_t columns = lifts.columns;
  for (std::size_t row = 0; row * columns < count; ++row) {
    const std::size_t begin = row * columns, size = std::min(columns, count - begin);
    if (lifts.of == Lifts::Of::rows) {
      const auto lift = static_cast<std::uint16_t>(lifts.exponents[row] << how.joined_bits);
      act(begin, size, [lift](std::size_t) { return lift; });
    } else {
      act(begin, size, [each = lifts.exponents, bits = how.joined_bits](std::size_t i) {
        return static_cast<std::uint16_t>(each[i] << bits);
      });
    }
  }
}

[[gnu::always_inline]] inline bool cut_heads(const HeadCut& how, Heads heads, const Lifts& lifts,
                                             std::uint8_t* symbols, std::uint8_t* rests) {
  bool right = true;
  for_each_row(how, lifts, heads.size(), [&](std::size_t begin, std::size_t size, auto lift) {
    right &= cut(how, heads.subspan(begin, size), lift, symbols + begin, rests + begin);
  });
  return right;
}

[[gnu::always_inline]] inline void join_heads(const HeadCut& how, Octets symbols,
                                              const std::uint8_t* rests, const Lifts& lifts,
                                              std::uint16_t* heads) {
  for_each_row(how, lifts, symbols.size(), [&](std::size_t begin, std::size_t size, auto lift) {
    join(how, symbols.subspan(begin, size), rests + begin, lift, heads + begin);
  });
}

[[gnu::always_inline]] inline KeyRange key_range(const HeadCut& how, Heads heads,
                                                 const Lifts& lifts) {
  Extremes seen;
  for_each_row(how, lifts, heads.size(), [&](std::size_t begin, std::size_t size, auto lift) {
    widen(how, heads.subspan(begin, size), lift, seen);
  });
  if (seen.greatest == 0) return {};
  return {.least = seen.least + 1U, .greatest = seen.greatest};
}

[[gnu::always_inline]] inline std::uint16_t exponent_of(std::uint16_t head, unsigned bits) {
  return static_cast<std::uint16_t>((head >> (15 - bits)) & ((1u << bits) - 1));
}

constexpr std::uint16_t kHighest = std::numeric_limits<std::uint16_t>::max();

[[gnu::always_inline]] inline void survey_rows(unsigned bits, Heads heads, std::size_t columns,
                                               const ExponentFacts& facts) {
  for (std::size_t row = 0; (row + 1) * columns <= heads.size(); ++row) {
    const Heads here = heads.subspan(row * columns, columns);
    std::uint32_t sum = 0, count = 0;
    std::uint16_t least = kHighest, greatest = 0;
    for (const std::uint16_t head : here) {
      const std::uint16_t exponent = exponent_of(head, bits);
      sum += exponent;
      count += exponent != 0;
      least = std::min(least, static_cast<std::uint16_t>(exponent - 1));
      greatest = std::max(greatest, exponent);
    }
    facts.sum[row] += sum;
    facts.count[row] += count;
    if (greatest > 0) facts.least[row] = std::min<std::uint16_t>(facts.least[row], least + 1U);
    facts.greatest[row] = std::max(facts.greatest[row], greatest);
  }
}

[[gnu::always_inline]] inline void survey_columns(unsigned bits, Heads heads, std::size_t columns,
                                                  const ExponentFacts& facts) {
  std::uint32_t* const __restrict sum = facts.sum;
  std::uint32_t* const __restrict count = facts.count;
  std::uint16_t* const __restrict least = facts.least;
  std::uint16_t* const __restrict greatest = facts.greatest;
  for (std::size_t begin = 0; begin + columns <= heads.size(); begin += columns) {
    const std::uint16_t* const row = heads.data() + begin;
    for (std::size_t i = 0; i < columns; ++i) {
      const std::uint16_t exponent = exponent_of(row[i], bits);
      sum[i] += exponent;
      count[i] += exponent != 0;
      const std::uint16_t low = exponent == 0 ? kHighest : exponent;
      least[i] = std::min(least[i], low);
      greatest[i] = std::max(greatest[i], exponent);
    }
  }
}

// The last part of an array may be shorter than the others: what is missing counts as 0.
inline std::size_t part_size(std::size_t count, std::size_t parts) {
  return (count + parts - 1) / parts;
}

template <class Span>
inline Span part(Span numbers, std::size_t index, std::size_t size) {
  const std::size_t begin = std::min(index * size, numbers.size());
  return numbers.subspan(begin, std::min(size, numbers.size() - begin));
}

// packed[i] |= (numbers[i] >> from & mask) << to
[[gnu::always_inline]] inline void put(Octets numbers, unsigned from, unsigned mask, unsigned to,
                                       std::uint8_t* packed) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    packed[i] = static_cast<std::uint8_t>(packed[i] | (numbers[i] >> from & mask) << to);
  }
}

// numbers[i] |= (packed[i] >> from & mask) << to
[[gnu::always_inline]] inline void get(const std::uint8_t* packed, unsigned from, unsigned mask,
                                       unsigned to, MutableOctets numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<std::uint8_t>(numbers[i] | (packed[i] >> from & mask) << to);
  }
}

[[gnu::always_inline]] inline void pack_bits(Octets numbers, unsigned bits, MutableOctets packed) {
  if (bits == 8) {
    std::ranges::copy(numbers, packed.begin());
    return;
  }
  std::ranges::fill(packed, std::uint8_t{0});
  if (bits == 4) {
    const std::size_t size = part_size(numbers.size(), 2);
    put(part(numbers, 0, size), 0, 15, 0, packed.data());
    put(part(numbers, 1, size), 0, 15, 4, packed.data());
    return;
  }
  const std::size_t size = part_size(numbers.size(), 4);
  for (unsigned i = 0; i < 3; ++i) {
    put(part(numbers, i, size), 0, 63, 0, packed.data() + i * size);
    put(part(numbers, 3, size), 2 * i, 3, 6, packed.data() + i * size);
  }
}

[[gnu::always_inline]] inline void unpack_bits(Octets packed, unsigned bits,
                                               MutableOctets numbers) {
  if (bits == 8) {
    std::ranges::copy(packed, numbers.begin());
    return;
  }
  std::ranges::fill(numbers, std::uint8_t{0});
  if (bits == 4) {
    const std::size_t size = part_size(numbers.size(), 2);
    get(packed.data(), 0, 15, 0, part(numbers, 0, size));
    get(packed.data(), 4, 15, 0, part(numbers, 1, size));
    return;
  }
  const std::size_t size = part_size(numbers.size(), 4);
  for (unsigned i = 0; i < 3; ++i) {
    get(packed.data() + i * size, 0, 63, 0, part(numbers, i, size));
    get(packed.data() + i * size, 6, 3, 2 * i, part(numbers, 3, size));
  }
}

}  // namespace evalzip::tensor_loops
