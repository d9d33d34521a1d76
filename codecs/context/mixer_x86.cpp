// The mixer's loops in vectors of AVX2 and AVX-512, chosen when the program runs.
#include <immintrin.h>

#include "codecs/context/mixer_kernels.h"

namespace evalzip {
namespace {

[[gnu::target("avx2")]] inline std::int32_t sum_of(__m256i v) {
  const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1)));
}

[[gnu::target("avx2")]] inline __m256i load(const std::int32_t* from) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
}

[[gnu::target("avx2")]] void dot_avx2(const MixerRows& rows, std::int32_t* sums) {
  for (std::size_t r = 0; r < rows.rows; ++r) {
    __m256i even = _mm256_setzero_si256(), odd = even;
    for (std::size_t i = 0; i < rows.width; i += 16) {
      const std::int32_t* const weights = rows.weights[r] + i;
      even = _mm256_add_epi32(even, _mm256_madd_epi16(load(weights), load(rows.inputs + i)));
      odd = _mm256_add_epi32(odd, _mm256_madd_epi16(load(weights + 8), load(rows.inputs + i + 8)));
    }
    sums[r] = sum_of(_mm256_add_epi32(even, odd));
  }
}

[[gnu::target("avx2")]] void train_avx2(const MixerRows& rows, const std::int32_t* errors) {
  const __m256i half = _mm256_set1_epi32(1 << (kTrainShift - 1));
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const __m256i error = _mm256_set1_epi32(errors[r] << 16);
    for (std::size_t i = 0; i < rows.width; i += 8) {
      const __m256i product = _mm256_madd_epi16(load(rows.inputs + i), error);
      const __m256i step = _mm256_srai_epi32(_mm256_add_epi32(product, half), kTrainShift);
      std::int32_t* const weights = rows.weights[r] + i;
      _mm256_store_si256(reinterpret_cast<__m256i*>(weights),
                         _mm256_add_epi32(load(weights), step));
    }
  }
}

[[gnu::target("avx512f,avx512bw")]] void dot_avx512(const MixerRows& rows, std::int32_t* sums) {
  for (std::size_t r = 0; r < rows.rows; ++r) {
    __m512i sum = _mm512_setzero_si512();
    for (std::size_t i = 0; i < rows.width; i += 16) {
      const __m512i product = _mm512_madd_epi16(_mm512_load_si512(rows.weights[r] + i),
                                                _mm512_load_si512(rows.inputs + i));
      sum = _mm512_add_epi32(sum, product);
    }
    // Not _mm512_reduce_add_epi32: compilers may take its additions for ones that cannot wrap.
    sums[r] =
        sum_of(_mm256_add_epi32(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1)));
  }
}

[[gnu::target("avx512f,avx512bw")]] void train_avx512(const MixerRows& rows,
                                                      const std::int32_t* errors) {
  const __m512i half = _mm512_set1_epi32(1 << (kTrainShift - 1));
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const __m512i error = _mm512_set1_epi32(errors[r] << 16);
    for (std::size_t i = 0; i < rows.width; i += 16) {
      const __m512i product = _mm512_madd_epi16(_mm512_load_si512(rows.inputs + i), error);
      const __m512i step = _mm512_srai_epi32(_mm512_add_epi32(product, half), kTrainShift);
      std::int32_t* const weights = rows.weights[r] + i;
      _mm512_store_si512(weights, _mm512_add_epi32(_mm512_load_si512(weights), step));
    }
  }
}

}  // namespace

MixerKernels mixer_kernels(Isa isa) {
  if (isa == Isa::avx512 || isa == Isa::amx) return {dot_avx512, train_avx512};
  if (isa == Isa::avx2) return {dot_avx2, train_avx2};
  return portable_mixer_kernels();
}

}  // namespace evalzip
