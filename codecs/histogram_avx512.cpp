// Counting bytes with AVX-512: the most common symbols are compared with, 64 bytes at a time, and
// only the bytes that are none of them are left to the tables of the portable way.
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "codecs/cpu_features.h"
#include "codecs/histogram.h"

namespace evalzip {
namespace {

constexpr std::size_t kSample = 1024;  // bytes that tell which symbols are common
constexpr std::size_t kCommon = 8;

// The common symbols must make up this share of the sample, or comparing costs more than it saves.
constexpr std::size_t kLeastShare = 2;  // one half

// A byte counter is raised at most once a step, so it is emptied before it could overflow.
constexpr std::size_t kSteps = 255;
constexpr std::size_t kStep = 64;

using CommonSymbols = std::array<std::uint8_t, kCommon>;

CommonSymbols most_common(const ByteHistogram& counts) {
  std::array<std::uint8_t, 256> symbols;
  std::iota(symbols.begin(), symbols.end(), std::uint8_t{0});
  std::partial_sort(symbols.begin(), symbols.begin() + kCommon, symbols.end(),
                    [&](std::uint8_t a, std::uint8_t b) { return counts[a] > counts[b]; });
  CommonSymbols common;
  std::copy_n(symbols.begin(), kCommon, common.begin());
  return common;
}

struct Comparison {
  __m512i symbol, count;  // the symbol in every byte; how often each byte was equal
};

[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __mmask64 compare(__m512i bytes,
                                                                                 Comparison& with) {
  const __mmask64 equal = _mm512_cmpeq_epi8_mask(bytes, with.symbol);
  with.count = _mm512_mask_sub_epi8(with.count, equal, with.count, _mm512_set1_epi8(-1));
  return equal;
}

[[gnu::target("avx512f,avx512bw")]] std::uint32_t sum_of_bytes(__m512i bytes) {
  const __m512i sums = _mm512_sad_epu8(bytes, _mm512_setzero_si512());
  return static_cast<std::uint32_t>(_mm512_reduce_add_epi64(sums));
}

// At most kSteps steps. `others` takes the bytes that are not common; returns how many.
[[gnu::target("avx512f,avx512bw,avx512vbmi2,popcnt")]] std::size_t count_common(
    const std::byte* at, std::size_t steps, const CommonSymbols& common,
    std::array<std::uint32_t, kCommon>& counts, std::byte* others) {
  std::array<Comparison, kCommon> with;
  for (std::size_t i = 0; i < kCommon; ++i) {
    with[i] = {_mm512_set1_epi8(static_cast<char>(common[i])), _mm512_setzero_si512()};
  }
  std::byte* const begin = others;
  for (; steps > 0; --steps, at += kStep) {
    const __m512i bytes = _mm512_loadu_si512(at);
    const __mmask64 equal = compare(bytes, with[0]) | compare(bytes, with[1]) |
                            compare(bytes, with[2]) | compare(bytes, with[3]) |
                            compare(bytes, with[4]) | compare(bytes, with[5]) |
                            compare(bytes, with[6]) | compare(bytes, with[7]);
    _mm512_storeu_si512(others, _mm512_maskz_compress_epi8(~equal, bytes));
    others += std::popcount(~static_cast<std::uint64_t>(equal));
  }
  for (std::size_t i = 0; i < kCommon; ++i) counts[i] += sum_of_bytes(with[i].count);
  return static_cast<std::size_t>(others - begin);
}

}  // namespace

ByteHistogram count_bytes_avx512(Bytes bytes) {
  ByteCounter rest;
  const auto count_rest = [&](Bytes left) {
    rest.add(left);
    return rest.total();
  };
  if (bytes.size() < 4 * kSample) return count_rest(bytes);
  ByteCounter sampler;
  sampler.add(bytes.first(kSample));
  const ByteHistogram sample = sampler.total();
  const CommonSymbols common = most_common(sample);
  std::size_t common_bytes = 0;
  for (const std::uint8_t symbol : common) common_bytes += sample[symbol];
  if (common_bytes < kSample / kLeastShare) return count_rest(bytes);

  std::array<std::uint32_t, kCommon> counts{};
  std::array<std::byte, (kSteps + 1) * kStep> others;
  while (bytes.size() >= kStep) {
    const std::size_t steps = std::min(bytes.size() / kStep, kSteps);
    rest.add(
        std::span(others).first(count_common(bytes.data(), steps, common, counts, others.data())));
    bytes = bytes.subspan(steps * kStep);
  }
  ByteHistogram total = count_rest(bytes);
  for (std::size_t i = 0; i < kCommon; ++i) total[common[i]] += counts[i];
  return total;
}

ByteHistogram count_bytes(Bytes bytes) {
  static const bool wide = preferred_isa() == Isa::avx512;
  if (wide) return count_bytes_avx512(bytes);
  ByteCounter counter;
  counter.add(bytes);
  return counter.total();
}

}  // namespace evalzip
