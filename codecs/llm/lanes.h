// Sixteen virtual lanes of binary32: the pinned order of the engine's floating point.
//
// READ ME FIRST
//
// IEEE 754 rounds +, -, *, / and square roots alike on every machine; what differs is the order in
// which sums are taken, whether a product and a sum are rounded once or twice, and the functions of
// libm. So here a sum over a row is always sixteen sums, of the elements whose index has the same
// remainder, which are then added in the order of add_lanes(); nothing is contracted (the build
// says -ffp-contract=off); and exp2 is a polynomial evaluated in the order written. Compilers turn
// these vector types into whatever registers there are, and the result is the same everywhere.
//
// Comparisons are written so that NaN, which only a hostile model can cause, takes a definite way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace evalzip::lanes {

// What rows of sizes below it are scaled by is infinite, or nearly: they are taken for zeros.
constexpr float kSmallestSize = 1e-34f;

constexpr std::size_t kCount = 16;

using Floats [[gnu::vector_size(64)]] = float;
using Ints [[gnu::vector_size(64)]] = std::int32_t;
using Octets [[gnu::vector_size(16)]] = std::uint8_t;
using Shorts [[gnu::vector_size(64)]] = std::int16_t;  // thirty-two

constexpr std::size_t round_up(std::size_t count) { return (count + kCount - 1) / kCount * kCount; }

template <class Vector, class Element>
[[gnu::always_inline]] inline Vector load_as(const Element* at) {
  Vector vector;
  std::memcpy(&vector, at, sizeof vector);
  return vector;
}

[[gnu::always_inline]] inline Floats load(const float* at) { return load_as<Floats>(at); }
[[gnu::always_inline]] inline Ints load(const std::int32_t* at) { return load_as<Ints>(at); }

template <class Vector, class Element>
[[gnu::always_inline]] inline void store(Element* at, Vector vector) {
  std::memcpy(at, &vector, sizeof vector);
}

[[gnu::always_inline]] inline Floats all(float value) { return Floats{} + value; }

[[gnu::always_inline]] inline Floats to_floats(Ints values) {
  return __builtin_convertvector(values, Floats);
}

[[gnu::always_inline]] inline Floats absolute(Floats values) {
  return reinterpret_cast<Floats>(reinterpret_cast<Ints>(values) & 0x7fffffff);
}

// Folds the upper half of the lanes onto the lower one until one is left.
template <class Vector, class Fold>
[[gnu::always_inline]] inline auto fold_lanes(Vector v, const Fold& fold) {
  const auto eight = fold(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7),
                          __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
  const auto four = fold(__builtin_shufflevector(eight, eight, 0, 1, 2, 3),
                         __builtin_shufflevector(eight, eight, 4, 5, 6, 7));
  const auto two =
      fold(__builtin_shufflevector(four, four, 0, 1), __builtin_shufflevector(four, four, 2, 3));
  return fold(two[0], two[1]);
}

// Integers in vectors as wide as a register: what is exact has no order to keep.
struct Registers {
  using Words [[gnu::vector_size(16)]] = std::uint16_t;
  using SignedWords [[gnu::vector_size(16)]] = std::int16_t;
  using DoubleWords [[gnu::vector_size(16)]] = std::uint32_t;
  using Longs [[gnu::vector_size(16)]] = std::uint64_t;

  // The upper halves of the products.
  [[gnu::always_inline]] static Words upper_product(Words a, Words b) {
    using Products [[gnu::vector_size(32)]] = std::uint32_t;
    const Products products =
        __builtin_convertvector(a, Products) * __builtin_convertvector(b, Products);
    return __builtin_convertvector(products >> 16, Words);
  }
  // 0 where the shift is above 31.
  [[gnu::always_inline]] static DoubleWords shifted_down(DoubleWords v, DoubleWords by) {
    return by > 31 ? DoubleWords{} : v >> (by & 31);
  }
};

// The nearest integers, ties to even. |values| < 2^22; of NaN, an integer far beyond.
[[gnu::always_inline]] inline Ints nearest(Floats values) {
  constexpr float kUnitsInLastPlace = 12582912.0f;  // 1.5 * 2^23: there one unit is 1
  const Floats shifted = values + kUnitsInLastPlace;
  return reinterpret_cast<Ints>(shifted) - std::int32_t{0x4b400000};
}

// What compilers make badly of vectors for some instruction sets; an `Isa` may hide these by its
// own, with the same results.
struct Operations {
  // NaN in `a` gives b.
  [[gnu::always_inline]] static Floats larger(Floats a, Floats b) { return a > b ? a : b; }
  [[gnu::always_inline]] static Floats smaller(Floats a, Floats b) { return a < b ? a : b; }
  // The lowest bits.
  [[gnu::always_inline]] static Octets octets(Ints v) { return __builtin_convertvector(v, Octets); }
  [[gnu::always_inline]] static Shorts larger(Shorts a, Shorts b) { return a > b ? a : b; }
  // The nearest integers, ties to even, held to 16 bits; NaN is taken for the least.
  [[gnu::always_inline]] static Shorts nearest_shorts(Floats a, Floats b) {
    const auto held = [](Floats v) {
      return nearest(smaller(larger(v, all(-32768.0f)), all(32767.0f)));
    };
    using Both [[gnu::vector_size(128)]] = std::int32_t;
    Both both;
    const Ints parts[] = {held(a), held(b)};
    std::memcpy(&both, parts, sizeof both);
    return __builtin_convertvector(both, Shorts);
  }
  // Of each quad's signed byte of that depth, see int8_product.h.
  [[gnu::always_inline]] static Ints products(Ints quads, int depth, std::int32_t factor) {
    return ((quads << (24 - 8 * depth)) >> 24) * factor;
  }
  // A bit for each lane that is not in [-limit, limit], the first lane's the lowest. Most often
  // none is.
  [[gnu::always_inline]] static unsigned beyond(Ints v, std::int32_t limit) {
    const Ints those = (v > limit) | (v < -limit);
    unsigned bits = 0;
    if (fold_lanes(those, [](auto a, auto b) { return a | b; }) == 0) return bits;
    for (std::size_t k = 0; k < kCount; ++k) bits |= unsigned{those[k] != 0} << k;
    return bits;
  }
};

// ((0 + 8) + (4 + 12)) + ((2 + 10) + (6 + 14)), and the odd ones alike, then both.
[[gnu::always_inline]] inline float add_lanes(Floats values) {
  return fold_lanes(values, [](auto a, auto b) { return a + b; });
}

template <class Vector>
[[gnu::always_inline]] inline auto largest_lane(Vector values) {
  return fold_lanes(values, [](auto a, auto b) { return a > b ? a : b; });
}

// The others' from `count` on, zero if none are given, for the lanes that begin at `begin`.
template <class Vector>
[[gnu::always_inline]] inline Vector within(Vector values, std::size_t begin, std::size_t count,
                                            Vector others = Vector{}) {
  constexpr Ints kIndex{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return kIndex < static_cast<std::int32_t>(count - begin) ? values : others;
}

// 2^x, x held to [-126, 126] and NaN taken for -126; within 6 parts in 10^6: what it is used for
// has 14 bits at most. The polynomial of degree 4 whose largest relative error for |f| <= 1/2 is
// least while 2^0 is exactly 1.
template <class Isa>
[[gnu::always_inline]] inline Floats exp2(Floats x) {
  x = Isa::larger(x, all(-126.0f));
  x = Isa::smaller(x, all(126.0f));
  const Ints whole = nearest(x);
  const Floats f = x - to_floats(whole);
  Floats power = all(9.25822775e-3f);
  power = power * f + 5.59179570e-2f;
  power = power * f + 2.40304560e-1f;
  power = power * f + 6.93123697e-1f;
  power = power * f + 1.0f;
  return power * reinterpret_cast<Floats>((whole + 127) << 23);
}

constexpr float kLog2E = 1.44269504f;
constexpr float kLogitUnits = 256 * kLog2E;  // in a natural logarithm

// 1 / (1 + e^-x).
template <class Isa>
[[gnu::always_inline]] inline Floats logistic(Floats x) {
  return 1.0f / (exp2<Isa>(x * -kLog2E) + 1.0f);
}

}  // namespace evalzip::lanes
