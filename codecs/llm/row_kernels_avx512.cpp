// The row kernels compiled for AVX-512.
#include <immintrin.h>

#include "codecs/llm/engine_kernels_x86.h"
#include "codecs/llm/row_kernels_loop.h"

namespace evalzip {
namespace {

// One instruction each, where GCC 12 makes two to five. The instruction for the larger or smaller
// of two gives the second where one is NaN.
struct Avx512 {
  using Floats = lanes::Floats;
  using Ints = lanes::Ints;

  [[gnu::always_inline]] static Floats larger(Floats a, Floats b) {
    return reinterpret_cast<Floats>(_mm512_max_ps(a, b));
  }
  [[gnu::always_inline]] static Floats smaller(Floats a, Floats b) {
    return reinterpret_cast<Floats>(_mm512_min_ps(a, b));
  }
  [[gnu::always_inline]] static lanes::Octets octets(Ints v) {
    return reinterpret_cast<lanes::Octets>(_mm512_cvtepi32_epi8(reinterpret_cast<__m512i>(v)));
  }
  [[gnu::always_inline]] static lanes::Shorts shorts(Ints v) {
    return reinterpret_cast<lanes::Shorts>(_mm512_cvtepi32_epi16(reinterpret_cast<__m512i>(v)));
  }
  [[gnu::always_inline]] static Ints ints(lanes::Shorts v) {
    return reinterpret_cast<Ints>(_mm512_cvtepi16_epi32(reinterpret_cast<__m256i>(v)));
  }
  [[gnu::always_inline]] static unsigned nonzero(Ints v) {
    const auto all = reinterpret_cast<__m512i>(v);
    return _mm512_test_epi32_mask(all, all);
  }
};

}  // namespace

RowKernels row_kernels_avx512() { return RowKernelsLoop<Avx512>::all(); }

}  // namespace evalzip
