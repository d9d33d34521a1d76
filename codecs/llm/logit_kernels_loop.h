// What the engine does to rows of logits; compiled as row_kernels_loop.h is.
#pragma once

#include <algorithm>
#include <climits>
#include <utility>

#include "codecs/llm/exponential.h"
#include "codecs/llm/lanes.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

template <class Isa>
struct LogitKernelsLoop {
  static void exponentials(const std::int16_t* logits, std::size_t count, std::int16_t largest,
                           std::uint32_t* exponentials) {
    const Exponential exponential(largest);
    std::size_t i = 0;
    for (; i + kWords <= count; i += kWords) {
      const auto [even, odd] = exponential.of(logits + i);
      store_in_turns(exponentials + i, even, odd, std::make_integer_sequence<int, kWords / 2>());
    }
    for (; i < count; ++i) exponentials[i] = exponential::of_difference(largest - logits[i]);
  }

  static void sum_exponentials(const std::int16_t* logits, std::size_t count, std::int16_t largest,
                               std::uint64_t* sums) {
    const Exponential exponential(largest);
    for (std::size_t begin = 0; begin < count; begin += kSummedLogits) {
      const std::size_t end = std::min(begin + kSummedLogits, count);
      Sum sum;
      std::size_t i = begin;
      for (; i + kWords <= end; i += kWords) {
        __builtin_prefetch(logits + std::min(i + kAhead, count));
        const auto [even, odd] = exponential.of(logits + i);
        sum.add(even + odd);
      }
      std::uint64_t total = sum.total();
      for (; i < end; ++i) total += exponential::of_difference(largest - logits[i]);
      *sums++ = total;
    }
  }

 private:
  static constexpr std::size_t kAhead = 1024;  // rows of large vocabularies lie far from the core

  using Words = typename Isa::Words;
  using SignedWords = typename Isa::SignedWords;
  using DoubleWords = typename Isa::DoubleWords;
  using Longs = typename Isa::Longs;
  static constexpr std::size_t kWords = sizeof(Words) / sizeof(std::uint16_t);

  template <int... kIndex>
  [[gnu::always_inline]] static void store_in_turns(std::uint32_t* at, DoubleWords even,
                                                    DoubleWords odd,
                                                    std::integer_sequence<int, kIndex...>) {
    constexpr int kCount = sizeof...(kIndex);
    lanes::store(at, __builtin_shufflevector(even, odd, (kIndex / 2 + kIndex % 2 * kCount)...));
    lanes::store(at + kCount, __builtin_shufflevector(
                                  even, odd, ((kCount + kIndex) / 2 + kIndex % 2 * kCount)...));
  }

  // Of pairs of lanes, below 2^31 each, exactly: `all` has the sums of both, the upper one's in
  // units of 2^32, and what goes over 2^64 is missing in the difference as well.
  class Sum {
   public:
    [[gnu::always_inline]] void add(DoubleWords values) {
      const auto pairs = reinterpret_cast<Longs>(values);
      all_ += pairs;
      upper_ += pairs >> 32;
    }

    std::uint64_t total() const {
      const Longs lanes = all_ - (upper_ << 32) + upper_;
      std::uint64_t sum = 0;
      for (std::size_t k = 0; k < sizeof lanes / sizeof sum; ++k) sum += lanes[k];
      return sum;
    }

   private:
    Longs all_{}, upper_{};
  };

  struct InTurns {
    DoubleWords even, odd;
  };

  // As exponential.h defines them, of a register of logits.
  class Exponential {
   public:
    explicit Exponential(std::int16_t largest)
        : zero_(Words{} + static_cast<std::uint16_t>(largest + 2 * 256)),
          least_(SignedWords{} + static_cast<std::int16_t>(
                                     std::max(largest - exponential::kFaintest, int{INT16_MIN}))) {}

    [[gnu::always_inline]] InTurns of(const std::int16_t* logits) const {
      const auto v = lanes::load_as<SignedWords>(logits);
      const Words below = zero_ - reinterpret_cast<Words>(v > least_ ? v : least_);
      const Words y = below << 8;
      constexpr auto& kC = exponential::kCoefficients;
      Words power = kC[2] - Isa::upper_product(y, Words{} + kC[3]);
      power = kC[1] - Isa::upper_product(y, power);
      power = kC[0] - Isa::upper_product(y, power);
      const auto mantissas =
          reinterpret_cast<DoubleWords>(exponential::kOne - Isa::upper_product(y, power));
      const auto shifts = reinterpret_cast<DoubleWords>(below >> 8);
      return {Isa::shifted_down(mantissas << 16, shifts & 0xffff),
              Isa::shifted_down(mantissas & 0xffff0000, shifts >> 16)};
    }

   private:
    Words zero_;  // two factors above the largest: mantissas stand two bits too high
    SignedWords least_;
  };
};

}  // namespace evalzip
