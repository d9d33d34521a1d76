// What the engine does to rows of logits; compiled as row_kernels_loop.h is.
#pragma once

#include <algorithm>
#include <climits>

#include "codecs/llm/lanes.h"

namespace evalzip {

template <class Isa>
struct LogitKernelsLoop {
  using Floats = lanes::Floats;
  using Ints = lanes::Ints;
  static constexpr std::size_t kLanes = lanes::kCount;

  static std::int16_t largest(const std::int16_t* logits, std::size_t count) {
    lanes::Shorts top = lanes::load(logits);
    for (std::size_t i = kLanes; i < count; i += kLanes) {
      const lanes::Shorts v = lanes::load(logits + i);
      top = v > top ? v : top;
    }
    return lanes::largest_lane(top);
  }

  static std::uint64_t exponentials(const std::int16_t* logits, std::size_t count,
                                    std::int16_t largest, std::int32_t* exponentials) {
    const Exponential exponential(largest);
    Longs even{}, odd{};
    const auto add = [&](UnsignedInts sums) {
      const Longs pairs = reinterpret_cast<Longs>(sums);
      even += pairs & 0xffffffff;
      odd += pairs >> 32;
    };
    std::size_t i = 0;
    for (; i + 2 * kLanes <= count; i += 2 * kLanes) {  // two of them are at most 2^31
      const Ints a = exponential.of(logits + i), b = exponential.of(logits + i + kLanes);
      lanes::store(exponentials + i, a);
      lanes::store(exponentials + i + kLanes, b);
      add(reinterpret_cast<UnsignedInts>(a) + reinterpret_cast<UnsignedInts>(b));
    }
    for (; i < count; i += kLanes) {
      const Ints e = lanes::within(exponential.of(logits + i), i, count);
      lanes::store(exponentials + i, e);
      add(reinterpret_cast<UnsignedInts>(e));
    }
    const Longs both = even + odd;
    std::uint64_t sum = 0;
    for (std::size_t k = 0; k < kLanes / 2; ++k) sum += both[k];
    return sum;
  }

  static std::uint32_t sum_shifted(const std::int32_t* exponentials, std::size_t count,
                                   unsigned shift) {
    Ints sums{};
    for (std::size_t i = 0; i < count; i += kLanes) {
      sums += lanes::load(exponentials + i) >> static_cast<int>(shift);
    }
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < kLanes; ++i) sum += static_cast<std::uint32_t>(sums[i]);
    return sum;
  }

 private:
  using Longs [[gnu::vector_size(64)]] = std::uint64_t;
  using UnsignedInts [[gnu::vector_size(64)]] = std::uint32_t;

  // 2^(30 - (largest - logit) / 256) rounded down. With i = logit - largest + 30 * 256, held to be
  // at least -2 * 256, as what is less than 1 is 0 however much less: the power of the fraction
  // i % 256 is a polynomial within 3 parts in 10^6, whose value at 0 is exactly 1, and i / 256 is
  // added to its exponent. Coefficients are divided by powers of 256, which rounds nothing.
  class Exponential {
   public:
    explicit Exponential(std::int16_t largest)
        : least_(lanes::Shorts{} +
                 static_cast<std::int16_t>(std::max(largest - 32 * 256, int{INT16_MIN}))),
          zero_(lanes::Shorts{} + static_cast<std::int16_t>(largest - 30 * 256)) {}

    [[gnu::always_inline]] Ints of(const std::int16_t* logits) const {
      const lanes::Shorts v = lanes::load(logits);
      const Ints i = Isa::ints((v > least_ ? v : least_) - zero_);  // wraps to what it should be
      const Floats f = lanes::to_floats(i & 255);
      Floats power = lanes::all(1.34266891e-2f / 0x1p32f);
      power = power * f + 5.22424633e-2f / 0x1p24f;
      power = power * f + 2.41280212e-1f / 0x1p16f;
      power = power * f + 6.93044843e-1f / 0x1p8f;
      power = power * f + 1.0f;
      const Ints bits = reinterpret_cast<Ints>(power) + ((i >> 8) << 23);
      return __builtin_convertvector(reinterpret_cast<Floats>(bits), Ints);
    }

   private:
    lanes::Shorts least_, zero_;
  };
};

}  // namespace evalzip
