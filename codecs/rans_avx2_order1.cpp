// Order-1 rANS kernels for AVX2. Arithmetic is done in vectors, look-ups are scalar loads.
#include <immintrin.h>

#include "codecs/rans_avx2.h"
#include "codecs/rans_kernels_x86.h"

namespace evalzip {
namespace avx2 {
namespace {

std::uint8_t* encode1(const RansEncode1& job) {
  if (job.lanes == 4) return portable_rans_kernels().encode1(job);
  const std::uint32_t* const intervals = job.model.intervals();
  const Pusher pusher(job.model.bits());
  RansStates states = job.states;
  std::uint8_t* words = job.words;
  for (std::size_t step = job.last_step; step-- > job.first_step;) {
    for (int lane = job.lanes; (lane -= 8) >= 0;) {
      const std::uint8_t* const first = job.input + lane * job.segment + step;
      const __m256i packed = collect([&](int i) {
        const std::uint8_t* const at = first + i * job.segment;
        return intervals[pair_at(step == 0 ? std::uint32_t{at[0]} << 8 : rans_word(at - 1))];
      });
      store_states(&states[lane], pusher.push(load_states(&states[lane]), packed, words));
    }
  }
  job.states = states;
  return words;
}

std::size_t decode1(RansDecode1& job) {
  if (job.lanes == 4) return portable_rans_kernels().decode1(job);
  const std::uint32_t* const slots = job.model.slots();
  const __m256i slot_mask = _mm256_set1_epi32((1 << job.model.bits()) - 1);
  const __m128i bits = _mm_cvtsi32_si128(job.model.bits());
  const __m256i field = _mm256_set1_epi32(PairSlot::kField);
  RansStates states = job.states;
  RansStates contexts{};  // symbol << bits
  const std::uint8_t* words = job.words;
  std::size_t step = 0;
  for (; step < job.segment && job.words_end - words >= 2 * job.lanes; ++step) {
    for (int lane = 0; lane < job.lanes; lane += 8) {
      std::uint8_t* const first = job.output + lane * job.segment + step;
      const __m256i x = load_states(&states[lane]);
      const Indices at(
          _mm256_or_si256(load_states(&contexts[lane]), _mm256_and_si256(x, slot_mask)));
      const __m256i packed = collect([&](int i) {
        const std::uint32_t slot = slots[at[i]];
        first[i * job.segment] = static_cast<std::uint8_t>(slot >> 24);
        return slot;
      });
      const __m256i width = _mm256_and_si256(packed, field);
      const __m256i place = _mm256_and_si256(_mm256_srli_epi32(packed, 12), field);
      const __m256i popped =
          _mm256_add_epi32(_mm256_mullo_epi32(_mm256_srl_epi32(x, bits), width), place);
      store_states(&states[lane], refill(popped, words));
      store_states(&contexts[lane], _mm256_sll_epi32(_mm256_srli_epi32(packed, 24), bits));
    }
  }
  job.states = states;
  job.words = words;
  return step;
}

}  // namespace
}  // namespace avx2

void choose_avx2_order1(RansKernels& kernels) {
  kernels.encode1 = avx2::encode1;
  kernels.decode1 = avx2::decode1;
}

}  // namespace evalzip
