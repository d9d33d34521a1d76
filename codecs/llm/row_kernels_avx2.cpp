// The row kernels compiled for AVX2.
#include <immintrin.h>

#include "codecs/llm/engine_kernels_x86.h"
#include "codecs/llm/row_kernels_loop.h"

namespace evalzip {
namespace {

struct Avx2 : lanes::Operations {
  using Words [[gnu::vector_size(32)]] = std::uint16_t;
  using SignedWords [[gnu::vector_size(32)]] = std::int16_t;
  using DoubleWords [[gnu::vector_size(32)]] = std::uint32_t;
  using Longs [[gnu::vector_size(32)]] = std::uint64_t;

  [[gnu::always_inline]] static Words upper_product(Words a, Words b) {
    return reinterpret_cast<Words>(
        _mm256_mulhi_epu16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
  }
  [[gnu::always_inline]] static DoubleWords shifted_down(DoubleWords v, DoubleWords by) {
    return reinterpret_cast<DoubleWords>(
        _mm256_srlv_epi32(reinterpret_cast<__m256i>(v), reinterpret_cast<__m256i>(by)));
  }
};

}  // namespace

RowKernels row_kernels_avx2() { return RowKernelsLoop<Avx2>::all(); }

}  // namespace evalzip
