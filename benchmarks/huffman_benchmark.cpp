// Times the parts of the Huffman coder, each kernel that this machine runs, on text-like, skewed
// and uniform bytes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "codecs/histogram.h"
#include "codecs/huffman.h"

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

void set_speed(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kSize));
}

void time_histogram(benchmark::State& state, double p) {
  const auto input = geometric(p);
  for (auto _ : state) benchmark::DoNotOptimize(count_bytes(input));
  set_speed(state);
}

void time_encode(benchmark::State& state, const HuffmanKernel& kernel, double p) {
  const auto input = geometric(p);
  HuffmanCoder coder(kSize, kernel);
  std::vector<std::byte> stream(coder.bound(kSize));
  for (auto _ : state) {
    if (!coder.encode(input, stream)) state.SkipWithError("encode failed");
  }
  set_speed(state);
}

void time_decode(benchmark::State& state, const HuffmanKernel& kernel, double p) {
  const auto input = geometric(p);
  HuffmanCoder coder(kSize, kernel);
  std::vector<std::byte> stream(coder.bound(kSize)), output(kSize);
  const auto size = coder.encode(input, stream);
  if (!size) return state.SkipWithError("encode failed");
  stream.resize(size.value());
  for (auto _ : state) {
    if (!coder.decode(stream, output)) state.SkipWithError("decode failed");
  }
  if (output != input) state.SkipWithError("the round trip failed");
  set_speed(state);
}

void register_all() {
  for (const double p : {0.1, 0.85, 0.98}) {
    const std::string suffix = "/p=" + std::to_string(p).substr(0, 4);
    benchmark::RegisterBenchmark(("histogram" + suffix).c_str(), time_histogram, p);
    for (const HuffmanKernel& kernel : huffman_kernels()) {
      const std::string name = std::string(kernel.name) + suffix;
      benchmark::RegisterBenchmark(("huffman_encode/" + name).c_str(), time_encode, kernel, p);
      benchmark::RegisterBenchmark(("huffman_decode/" + name).c_str(), time_decode, kernel, p);
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
