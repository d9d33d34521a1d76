// Times the arithmetic coder, each model and order, on text-like, skewed and uniform bytes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "codecs/arithmetic.h"

namespace evalzip {
namespace {

constexpr std::size_t kSize = std::size_t{4} << 20;

// Symbol k has probability about (1 - p) p^k.
std::vector<std::byte> geometric(double p) {
  std::mt19937_64 random(1);
  std::vector<std::byte> bytes(kSize);
  for (std::byte& byte : bytes) {
    const double uniform = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
    byte = static_cast<std::byte>(std::min(255.0, std::log(uniform) / std::log(p)));
  }
  return bytes;
}

void time_encode(benchmark::State& state, ArithmeticSettings settings, double p) {
  const auto input = geometric(p);
  ArithmeticBlockCoder coder(settings);
  std::vector<std::byte> encoded(ArithmeticBlockCoder::bound(kSize));
  for (auto _ : state) {
    if (!coder.encode(input, encoded)) state.SkipWithError("encode failed");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kSize));
}

void time_decode(benchmark::State& state, ArithmeticSettings settings, double p) {
  const auto input = geometric(p);
  ArithmeticBlockCoder coder(settings);
  std::vector<std::byte> encoded(ArithmeticBlockCoder::bound(kSize)), output(kSize);
  const auto size = coder.encode(input, encoded);
  if (!size) return state.SkipWithError("encode failed");
  encoded.resize(size.value());
  for (auto _ : state) {
    if (!coder.decode(encoded, output)) state.SkipWithError("decode failed");
  }
  if (output != input) state.SkipWithError("the round trip failed");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kSize));
}

struct Named {
  const char* name;
  ArithmeticSettings settings;
};

constexpr Named kSettings[] = {
    {"static", {ArithmeticModel::fixed, 0}},       {"adaptive0", {ArithmeticModel::adaptive, 0}},
    {"adaptive1", {ArithmeticModel::adaptive, 1}}, {"adaptive2", {ArithmeticModel::adaptive, 2}},
    {"binary0", {ArithmeticModel::binary, 0}},     {"kt0", {ArithmeticModel::kt, 0}},
};

void register_all() {
  for (const double p : {0.1, 0.85, 0.98}) {
    for (const auto& [name, settings] : kSettings) {
      const std::string suffix = std::string(name) + "/p=" + std::to_string(p).substr(0, 4);
      benchmark::RegisterBenchmark(("arithmetic_encode/" + suffix).c_str(), time_encode, settings,
                                   p);
      benchmark::RegisterBenchmark(("arithmetic_decode/" + suffix).c_str(), time_decode, settings,
                                   p);
    }
  }
}

}  // namespace
}  // namespace evalzip

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  evalzip::register_all();
  benchmark::RunSpecifiedBenchmarks();
}
