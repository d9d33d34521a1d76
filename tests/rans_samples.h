// Inputs of every kind and the two calls that the tests of the rANS coder share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "codecs/rans_decisions.h"
#include "codecs/rans_stream.h"

namespace evalzip {

using Octets = std::vector<std::uint8_t>;

// std::mt19937 whose numbers have the 32 bits it promises and no more.
class Random {
 public:
  using result_type = std::uint32_t;
  explicit Random(unsigned seed) : engine_(seed) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xffffffff; }
  result_type operator()() { return static_cast<result_type>(engine_()); }

 private:
  std::mt19937 engine_;
};

inline constexpr int kOrders[] = {0, 1};
inline constexpr int kWays[] = {0, 4, 32, 64, 128};

// All that must agree: the plain kernels and those of every instruction set of this machine.
struct NamedKernels {
  std::string name;
  RansKernels kernels;
};

inline std::vector<NamedKernels> every_kernels() {
  std::vector<NamedKernels> sets{{"plain", portable_rans_kernels()}};
  for (const Isa isa : usable_isas()) {
    sets.push_back({std::string(to_string(isa)), rans_kernels(isa)});
  }
  return sets;
}

inline Octets encode(const Octets& input, const RansOptions& options,
                     const RansKernels& kernels = portable_rans_kernels()) {
  RansStream stream(options, kernels);
  Octets output(RansStream::bound(input.size()));
  const auto size = stream.encode(input, output);
  EXPECT_TRUE(size.has_value());
  output.resize(size ? size.value() : 0);
  return output;
}

inline std::optional<Octets> decode(const Octets& input, std::size_t size,
                                    const RansKernels& kernels = portable_rans_kernels()) {
  RansStream stream({}, kernels);
  Octets output(size, 0xE5);
  const auto written = stream.decode(input, output);
  if (!written) return std::nullopt;
  EXPECT_EQ(written.value(), size);
  return output;
}

// Skewed like text: a few symbols often, many seldom, and each depending on the one before.
inline Octets text_like(std::size_t size, unsigned seed) {
  Random random(seed);
  Octets bytes(size);
  std::uint32_t before = 0;
  for (std::uint8_t& byte : bytes) {
    const std::uint32_t a = random() % 97;
    const std::uint32_t b = random() % 97;
    before = (a * b / 97 + before / 4) % 120;
    byte = static_cast<std::uint8_t>(before + 32);
  }
  return bytes;
}

inline Octets geometric(std::size_t size, double p, unsigned seed) {
  Random random(seed);
  std::geometric_distribution<int> symbols(p);
  Octets bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(std::min(255, symbols(random)));
  return bytes;
}

inline Octets uniform(std::size_t size, unsigned alphabet, unsigned seed) {
  Random random(seed);
  Octets bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() % alphabet);
  return bytes;
}

inline Octets fibonacci(int symbols, unsigned seed) {
  Octets bytes;
  std::uint64_t a = 1, b = 1;
  for (int s = 0; s < symbols; ++s) {
    bytes.insert(bytes.end(), a, static_cast<std::uint8_t>(s * 7));
    b += a;
    std::swap(a, b);
  }
  std::shuffle(bytes.begin(), bytes.end(), Random(seed));
  return bytes;
}

// Stationary halves of unlike kind, so that blocks are cut.
inline Octets two_halves(std::size_t size) {
  Octets bytes = geometric(size / 2, 0.5, 1);
  const Octets second = text_like(size - size / 2, 2);
  bytes.insert(bytes.end(), second.begin(), second.end());
  return bytes;
}

struct Sample {
  std::string name;
  Octets bytes;
};

inline std::vector<Sample> samples() {
  Octets each_value(256);
  for (std::size_t i = 0; i < 256; ++i) each_value[i] = static_cast<std::uint8_t>(i);
  Octets repeated;
  for (int i = 0; i < 300; ++i)
    repeated.insert(repeated.end(), each_value.begin(), each_value.end());
  Octets rare = Octets(300'000, 'a');
  rare[123'456] = 'b';
  return {{"empty", {}},
          {"one byte", {42}},
          {"two bytes", {1, 2}},
          {"one symbol", Octets(100'000, 7)},
          {"two symbols", uniform(50'000, 2, 3)},
          {"one of 300000 is another", rare},
          {"all 256 values once", each_value},
          {"all 256 values equally often", repeated},
          {"all 256 values at random", uniform(200'000, 256, 4)},
          {"200 values at random", uniform(200'000, 200, 5)},
          {"65 values at random", uniform(300'000, 65, 6)},
          {"64 values at random", uniform(300'000, 64, 7)},
          {"Fibonacci counts", fibonacci(26, 8)},
          {"geometric 0.9", geometric(1'000'000, 0.9, 9)},
          {"geometric 0.02", geometric(700'000, 0.02, 10)},
          {"text-like", text_like(1'200'007, 11)},
          {"two halves", two_halves(900'001)},
          {"6 MB", text_like(6'000'001, 12)}};
}

}  // namespace evalzip
