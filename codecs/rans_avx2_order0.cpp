// Order-0 rANS kernels for AVX2. Arithmetic is done in vectors, look-ups are scalar loads.
#include <immintrin.h>

#include <cstring>

#include "codecs/rans_avx2.h"
#include "codecs/rans_kernels_x86.h"

namespace evalzip {
namespace avx2 {
namespace {

// low << 16 | width of each symbol.
using Intervals = std::array<std::uint32_t, 256>;

Intervals intervals_of(const RankedModel& model) {
  Intervals intervals{};
  for (int r = 0; r < model.size; ++r) {
    intervals[model.symbol[r]] = std::uint32_t{model.low[r]} << 16 | model.width[r];
  }
  return intervals;
}

std::uint8_t* encode0(const RansEncode0& job) {
  if (job.lanes == 4) return portable_rans_kernels().encode0(job);
  const Intervals intervals = intervals_of(job.model);
  const Pusher pusher(job.model.bits);
  RansStates states = job.states;
  std::uint8_t* words = job.words;
  for (std::size_t step = job.steps; step-- > 0;) {
    for (int lane = job.lanes; (lane -= 8) >= 0;) {
      std::uint64_t symbols;
      std::memcpy(&symbols, job.input + step * job.lanes + lane, 8);
      const __m256i packed = collect([&](int i) { return intervals[symbols >> (8 * i) & 0xff]; });
      store_states(&states[lane], pusher.push(load_states(&states[lane]), packed, words));
    }
  }
  job.states = states;
  return words;
}

std::size_t decode0(RansDecode0& job) {
  if (job.lanes == 4) return portable_rans_kernels().decode0(job);
  const RankedModel& model = job.model;
  const Intervals intervals = intervals_of(model);
  std::array<std::uint8_t, std::size_t{1} << kRansMostBits> symbols;
  for (int r = 0; r < model.size; ++r) {
    std::memset(symbols.data() + model.low[r], model.symbol[r], model.width[r]);
  }
  const __m256i slot_mask = _mm256_set1_epi32((1 << model.bits) - 1);
  const __m128i bits = _mm_cvtsi32_si128(model.bits);
  RansStates states = job.states;
  const std::uint8_t* words = job.words;
  std::size_t step = 0;
  for (; step < job.steps && job.words_end - words >= 2 * job.lanes; ++step) {
    std::uint8_t* output = job.output + step * job.lanes;
    for (int lane = 0; lane < job.lanes; lane += 8) {
      const __m256i x = load_states(&states[lane]);
      const __m256i slot = _mm256_and_si256(x, slot_mask);
      const Indices at(slot);
      const __m256i packed = collect([&](int i) {
        const std::uint8_t symbol = symbols[at[i]];
        output[lane + i] = symbol;
        return intervals[symbol];
      });
      const __m256i place = _mm256_sub_epi32(slot, _mm256_srli_epi32(packed, 16));
      const __m256i width = _mm256_and_si256(packed, _mm256_set1_epi32(0xffff));
      const __m256i popped =
          _mm256_add_epi32(_mm256_mullo_epi32(_mm256_srl_epi32(x, bits), width), place);
      store_states(&states[lane], refill(popped, words));
    }
  }
  job.states = states;
  job.words = words;
  return step;
}

}  // namespace
}  // namespace avx2

void choose_avx2_order0(RansKernels& kernels) {
  kernels.encode0 = avx2::encode0;
  kernels.decode0 = avx2::decode0;
}

}  // namespace evalzip
