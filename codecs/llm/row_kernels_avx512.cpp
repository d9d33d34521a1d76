// The row kernels compiled for AVX-512.
#include <immintrin.h>

#include "codecs/llm/avx512_operations.h"
#include "codecs/llm/engine_kernels_x86.h"
#include "codecs/llm/row_kernels_loop.h"

namespace evalzip {
namespace {

// One instruction each, where GCC 12 makes two to five. The instruction for the larger or smaller
// of two gives the second where one is NaN.
struct Avx512 {
  using Floats = lanes::Floats;
  using Ints = lanes::Ints;
  using Words [[gnu::vector_size(64)]] = std::uint16_t;
  using SignedWords [[gnu::vector_size(64)]] = std::int16_t;
  using DoubleWords [[gnu::vector_size(64)]] = std::uint32_t;
  using Longs [[gnu::vector_size(64)]] = std::uint64_t;

  [[gnu::always_inline]] static Floats larger(Floats a, Floats b) {
    return reinterpret_cast<Floats>(_mm512_max_ps(a, b));
  }
  [[gnu::always_inline]] static Floats smaller(Floats a, Floats b) {
    return reinterpret_cast<Floats>(_mm512_min_ps(a, b));
  }
  [[gnu::always_inline]] static lanes::Octets octets(Ints v) {
    return reinterpret_cast<lanes::Octets>(_mm512_cvtepi32_epi8(reinterpret_cast<__m512i>(v)));
  }
  [[gnu::always_inline]] static lanes::Shorts larger(lanes::Shorts a, lanes::Shorts b) {
    return reinterpret_cast<lanes::Shorts>(
        _mm512_max_epi16(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
  }
  // Packing takes 128 bits of either in turns.
  [[gnu::always_inline]] static lanes::Shorts nearest_shorts(Floats a, Floats b) {
    const __m512i in_turns = _mm512_packs_epi32(avx512::nearest_held(a), avx512::nearest_held(b));
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    return reinterpret_cast<lanes::Shorts>(_mm512_permutexvar_epi64(order, in_turns));
  }
  [[gnu::always_inline]] static Ints products(Ints quads, int depth, std::int32_t factor) {
    return reinterpret_cast<Ints>(
        avx512::products(reinterpret_cast<__m512i>(quads), depth, factor));
  }
  [[gnu::always_inline]] static Words upper_product(Words a, Words b) {
    return reinterpret_cast<Words>(
        _mm512_mulhi_epu16(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
  }
  [[gnu::always_inline]] static DoubleWords shifted_down(DoubleWords v, DoubleWords by) {
    return reinterpret_cast<DoubleWords>(
        _mm512_srlv_epi32(reinterpret_cast<__m512i>(v), reinterpret_cast<__m512i>(by)));
  }
  [[gnu::always_inline]] static unsigned beyond(Ints v, std::int32_t limit) {
    return _mm512_cmpgt_epu32_mask(reinterpret_cast<__m512i>(v + limit),
                                   _mm512_set1_epi32(2 * limit));
  }
};

}  // namespace

RowKernels row_kernels_avx512() { return RowKernelsLoop<Avx512>::all(); }

}  // namespace evalzip
